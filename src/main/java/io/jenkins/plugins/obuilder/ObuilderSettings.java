package io.jenkins.plugins.obuilder;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.util.List;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * How an agent builds, as administrators say: for one agent or for all. What is left empty is left to the next: the defaults for all agents,
 * the job where it may choose, the engine.
 */
public class ObuilderSettings extends AbstractDescribableImpl<ObuilderSettings> {
    private List<String> stores = List.of();
    private String defaultStore;
    private String sandbox;
    private List<String> images = List.of();
    private boolean jobImages;
    private String accounts;
    private String scoreboard;
    private String prefix;
    private String memory;
    private Integer pids;
    private String cpus;
    private String disk;
    private String maxOutput;
    private String stepTimeout;
    private String keepFree;
    private String minFree;

    @DataBoundConstructor
    public ObuilderSettings() {}

    /** The stores that jobs may choose from, such as {@code zfs:/Volumes/tank}; none for any. */
    public List<String> getStores() {
        return stores;
    }

    @DataBoundSetter
    public void setStores(List<String> stores) {
        this.stores = Texts.lines(stores);
    }

    public String getStoresText() {
        return Texts.text(stores);
    }

    /** The store of jobs that name none; null for the first of {@link #getStores}. */
    @CheckForNull
    public String getDefaultStore() {
        return defaultStore;
    }

    @DataBoundSetter
    public void setDefaultStore(String defaultStore) {
        this.defaultStore = Texts.given(defaultStore);
    }

    /** {@code runc} or {@code user}: jobs cannot choose another. */
    @CheckForNull
    public String getSandbox() {
        return sandbox;
    }

    @DataBoundSetter
    public void setSandbox(String sandbox) {
        this.sandbox = Texts.given(sandbox);
    }

    /** Where base images come from, each {@code NAME=SOURCE}. */
    public List<String> getImages() {
        return images;
    }

    @DataBoundSetter
    public void setImages(List<String> images) {
        this.images = Texts.lines(images);
    }

    public String getImagesText() {
        return Texts.text(images);
    }

    /** Whether jobs may bring images besides {@link #getImages}; where there are none of these, they may. */
    public boolean isJobImages() {
        return jobImages;
    }

    @DataBoundSetter
    public void setJobImages(boolean jobImages) {
        this.jobImages = jobImages;
    }

    /** The user numbers that builds on macOS run as, such as {@code 6000-6003}. */
    @CheckForNull
    public String getAccounts() {
        return accounts;
    }

    @DataBoundSetter
    public void setAccounts(String accounts) {
        this.accounts = Texts.given(accounts);
    }

    /** The directory of links from user numbers to homes. */
    @CheckForNull
    public String getScoreboard() {
        return scoreboard;
    }

    @DataBoundSetter
    public void setScoreboard(String scoreboard) {
        this.scoreboard = Texts.given(scoreboard);
    }

    /** Where Homebrew is, on macOS. */
    @CheckForNull
    public String getPrefix() {
        return prefix;
    }

    @DataBoundSetter
    public void setPrefix(String prefix) {
        this.prefix = Texts.given(prefix);
    }

    /** How much memory the command of a step may use, such as {@code 2G}. */
    @CheckForNull
    public String getMemory() {
        return memory;
    }

    @DataBoundSetter
    public void setMemory(String memory) {
        this.memory = Texts.given(memory);
    }

    /** How many processes the command of a step may have. */
    @CheckForNull
    public Integer getPids() {
        return pids;
    }

    @DataBoundSetter
    public void setPids(Integer pids) {
        this.pids = pids;
    }

    /** How many processors' worth of time the command of a step may use, such as {@code 1.5}. */
    @CheckForNull
    public String getCpus() {
        return cpus;
    }

    @DataBoundSetter
    public void setCpus(String cpus) {
        this.cpus = Texts.given(cpus);
    }

    /** How much of the disk the command of a step may fill, such as {@code 20G}. */
    @CheckForNull
    public String getDisk() {
        return disk;
    }

    @DataBoundSetter
    public void setDisk(String disk) {
        this.disk = Texts.given(disk);
    }

    /** How much the command of a step may print, such as {@code 100M}. */
    @CheckForNull
    public String getMaxOutput() {
        return maxOutput;
    }

    @DataBoundSetter
    public void setMaxOutput(String maxOutput) {
        this.maxOutput = Texts.given(maxOutput);
    }

    /** How long the command of a step may take, such as {@code 2h}. */
    @CheckForNull
    public String getStepTimeout() {
        return stepTimeout;
    }

    @DataBoundSetter
    public void setStepTimeout(String stepTimeout) {
        this.stepTimeout = Texts.given(stepTimeout);
    }

    /** With less of the store's file system free than this ({@code 20G}, {@code 10%}), builds prune it while they go on. */
    @CheckForNull
    public String getKeepFree() {
        return keepFree;
    }

    @DataBoundSetter
    public void setKeepFree(String keepFree) {
        this.keepFree = Texts.given(keepFree);
    }

    /** With less free than this, no step is begun; null for what the engine holds right. */
    @CheckForNull
    public String getMinFree() {
        return minFree;
    }

    @DataBoundSetter
    public void setMinFree(String minFree) {
        this.minFree = Texts.given(minFree);
    }

    /** The form. Its checks look at what was entered alone, so they need no permission; they are POST all the same. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<ObuilderSettings> {
        @NonNull @Override
        public String getDisplayName() {
            return Messages.ObuilderSettings_DisplayName();
        }

        @POST
        public ListBoxModel doFillSandboxItems() {
            return Checks.sandboxes();
        }

        @POST
        public FormValidation doCheckStores(@QueryParameter String value) {
            return Checks.eachLine(value, Checks::store);
        }

        @POST
        public FormValidation doCheckDefaultStore(@QueryParameter String value, @QueryParameter String stores) {
            List<String> all = Texts.lines(stores == null ? List.of() : List.of(stores));
            String store = Texts.given(value);
            return store != null && !all.isEmpty() && !all.contains(store.strip())
                    ? FormValidation.error(Messages.Checks_notAmongTheStores(String.join(", ", all)))
                    : Checks.store(value);
        }

        @POST
        public FormValidation doCheckImages(@QueryParameter String value) {
            return Checks.eachLine(value, Checks::image);
        }

        @POST
        public FormValidation doCheckMemory(@QueryParameter String value) {
            return Checks.size(value);
        }

        @POST
        public FormValidation doCheckDisk(@QueryParameter String value) {
            return Checks.size(value);
        }

        @POST
        public FormValidation doCheckMaxOutput(@QueryParameter String value) {
            return Checks.size(value);
        }

        @POST
        public FormValidation doCheckKeepFree(@QueryParameter String value) {
            return Checks.sizeOrShare(value);
        }

        @POST
        public FormValidation doCheckMinFree(@QueryParameter String value) {
            return Checks.sizeOrShare(value);
        }

        @POST
        public FormValidation doCheckStepTimeout(@QueryParameter String value) {
            return Checks.time(value);
        }

        @POST
        public FormValidation doCheckPids(@QueryParameter String value) {
            return Checks.positive(value);
        }

        @POST
        public FormValidation doCheckCpus(@QueryParameter String value) {
            return Checks.decimal(value);
        }

        @POST
        public FormValidation doCheckAccounts(@QueryParameter String value) {
            return Checks.accounts(value);
        }
    }
}
