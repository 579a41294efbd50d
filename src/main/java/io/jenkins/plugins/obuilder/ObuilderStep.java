package io.jenkins.plugins.obuilder;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.obuilder.agent.BuildSpecification;
import java.util.List;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** The pipeline step {@code obuilder}: builds a spec on the agent and returns the id of its snapshot. */
public class ObuilderStep extends Step {
    private String spec;
    private String specFile;
    private String store;
    private String sandbox;
    private String dir;
    private List<String> images = List.of();
    private Integer parallel;
    private boolean keepGoing;

    @DataBoundConstructor
    public ObuilderStep() {}

    BuildSpecification specification() {
        return Texts.specification(spec, specFile, store, sandbox, dir, images, parallel, keepGoing);
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        return new ObuilderStepExecution(context, specification());
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

    public List<String> getImages() {
        return images;
    }

    @DataBoundSetter
    public void setImages(@CheckForNull List<String> images) {
        this.images = images == null ? List.of() : List.copyOf(images);
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

    /** Registers the step. */
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
    }
}
