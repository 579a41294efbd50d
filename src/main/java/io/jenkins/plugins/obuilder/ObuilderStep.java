package io.jenkins.plugins.obuilder;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.obuilder.agent.BuildSpecification;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The pipeline step {@code obuilder}: builds a spec on the agent and returns the id of its snapshot. The build step of freestyle jobs has one. */
public class ObuilderStep extends Step implements Serializable {
    private static final long serialVersionUID = 1L;

    private String spec;
    private String specFile;
    private String store;
    private String sandbox;
    private String dir;
    private ArrayList<String> images = new ArrayList<>();
    private ArrayList<ObuilderSecret> secrets = new ArrayList<>();
    private Integer parallel;
    private boolean keepGoing;
    private String timeout;
    private String keepFree;
    private String minFree;
    private boolean result;

    @DataBoundConstructor
    public ObuilderStep() {}

    /**
     * What the engine is asked for.
     *
     * @param workspace on the agent, whose settings hold
     * @throws AbortException when an administrator does not allow it; the message is for the user
     */
    BuildSpecification specification(FilePath workspace) throws AbortException {
        List<ObuilderSettings> settings = new ArrayList<>();
        Computer computer = workspace.toComputer();
        Node node = computer == null ? null : computer.getNode();
        ObuilderNodeProperty property = node == null ? null : node.getNodeProperty(ObuilderNodeProperty.class);
        if (property != null) {
            settings.add(property.getSettings());
        }
        settings.add(ObuilderConfiguration.get().getDefaults());
        return new BuildSpecification(
                spec, specFile, dir, EngineOptions.of(this, settings), EngineOptions.forMac(settings));
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        return new ObuilderStepExecution(context, this);
    }

    @CheckForNull
    public String getSpec() {
        return spec;
    }

    @DataBoundSetter
    public void setSpec(String spec) {
        this.spec = Texts.given(spec);
    }

    @CheckForNull
    public String getSpecFile() {
        return specFile;
    }

    @DataBoundSetter
    public void setSpecFile(String specFile) {
        this.specFile = Texts.given(specFile);
    }

    @CheckForNull
    public String getStore() {
        return store;
    }

    @DataBoundSetter
    public void setStore(String store) {
        this.store = Texts.given(store);
    }

    @CheckForNull
    public String getSandbox() {
        return sandbox;
    }

    @DataBoundSetter
    public void setSandbox(String sandbox) {
        this.sandbox = Texts.given(sandbox);
    }

    @CheckForNull
    public String getDir() {
        return dir;
    }

    @DataBoundSetter
    public void setDir(String dir) {
        this.dir = Texts.given(dir);
    }

    /** Base images, each {@code NAME=SOURCE}. */
    public List<String> getImages() {
        return images;
    }

    @DataBoundSetter
    public void setImages(@CheckForNull List<String> images) {
        this.images = new ArrayList<>(Texts.lines(images));
    }

    public String getImagesText() {
        return Texts.text(images);
    }

    public List<ObuilderSecret> getSecrets() {
        return secrets;
    }

    @DataBoundSetter
    public void setSecrets(@CheckForNull List<ObuilderSecret> secrets) {
        this.secrets = secrets == null ? new ArrayList<>() : new ArrayList<>(secrets);
    }

    @CheckForNull
    public Integer getParallel() {
        return parallel;
    }

    @DataBoundSetter
    public void setParallel(Integer parallel) {
        this.parallel = parallel;
    }

    public boolean isKeepGoing() {
        return keepGoing;
    }

    @DataBoundSetter
    public void setKeepGoing(boolean keepGoing) {
        this.keepGoing = keepGoing;
    }

    /** How long the build may take, such as {@code 90s}, {@code 15m}, {@code 2h}. */
    @CheckForNull
    public String getTimeout() {
        return timeout;
    }

    @DataBoundSetter
    public void setTimeout(String timeout) {
        this.timeout = Texts.given(timeout);
    }

    /** As in {@link ObuilderSettings#getKeepFree}, which comes first. */
    @CheckForNull
    public String getKeepFree() {
        return keepFree;
    }

    @DataBoundSetter
    public void setKeepFree(String keepFree) {
        this.keepFree = Texts.given(keepFree);
    }

    /** As in {@link ObuilderSettings#getMinFree}, which comes first. */
    @CheckForNull
    public String getMinFree() {
        return minFree;
    }

    @DataBoundSetter
    public void setMinFree(String minFree) {
        this.minFree = Texts.given(minFree);
    }

    /** Whether the step returns a map that tells of the steps, rather than the id alone. */
    public boolean isResult() {
        return result;
    }

    @DataBoundSetter
    public void setResult(boolean result) {
        this.result = result;
    }

    /** Registers the step. Its checks look at what was entered alone, so they need no permission; they are POST all the same. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "obuilder";
        }

        @NonNull @Override
        public String getDisplayName() {
            return Messages.ObuilderStep_DisplayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(FilePath.class, EnvVars.class, TaskListener.class, Run.class);
        }

        @POST
        public ListBoxModel doFillSandboxItems() {
            return Checks.sandboxes();
        }

        @POST
        public FormValidation doCheckSpec(@QueryParameter String value, @QueryParameter String specFile) {
            if (Texts.given(value) != null && Texts.given(specFile) != null) {
                return FormValidation.error(Messages.ObuilderStep_bothSpecs());
            }
            return Checks.spec(value);
        }

        @POST
        public FormValidation doCheckSpecFile(@QueryParameter String value, @QueryParameter String spec) {
            return Texts.given(value) == null && Texts.given(spec) == null
                    ? FormValidation.error(Messages.ObuilderStep_noSpec())
                    : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckStore(@QueryParameter String value) {
            return Checks.store(value);
        }

        @POST
        public FormValidation doCheckImages(@QueryParameter String value) {
            return Checks.eachLine(value, Checks::image);
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
        public FormValidation doCheckTimeout(@QueryParameter String value) {
            return Checks.time(value);
        }

        @POST
        public FormValidation doCheckParallel(@QueryParameter String value) {
            return Checks.positive(value);
        }
    }
}
