package io.jenkins.plugins.obuilder;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractProject;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import io.jenkins.plugins.obuilder.agent.BuildSpecification;
import io.jenkins.plugins.obuilder.agent.EngineProcess;
import java.io.IOException;
import java.util.List;
import jenkins.tasks.SimpleBuildStep;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** The build step of freestyle jobs: builds a spec on the agent and records the id of its snapshot. */
public class ObuilderBuilder extends Builder implements SimpleBuildStep {
    private static final long PAUSE_MS = 250;

    private String spec;
    private String specFile;
    private String store;
    private String sandbox;
    private String dir;
    private String images;
    private boolean keepGoing;

    @DataBoundConstructor
    public ObuilderBuilder() {}

    @Override
    public void perform(
            @NonNull Run<?, ?> run,
            @NonNull FilePath workspace,
            @NonNull EnvVars env,
            @NonNull Launcher launcher,
            @NonNull TaskListener listener)
            throws InterruptedException, IOException {
        EngineProcess engine = EngineProcess.in(workspace);
        engine.start(specification(), io.jenkins.plugins.obuilder.agent.BuildSecrets.NONE, workspace, env);
        EngineProcess.Progress end;
        try {
            end = follow(engine, workspace, listener);
        } catch (InterruptedException e) {
            engine.stop(workspace);
            follow(engine, workspace, listener);
            engine.cleanUp(workspace);
            throw e;
        }
        engine.cleanUp(workspace);
        SnapshotAction.record(run, end.result());
    }

    private static EngineProcess.Progress follow(EngineProcess engine, FilePath workspace, TaskListener listener)
            throws InterruptedException, IOException {
        while (true) {
            EngineProcess.Progress progress = engine.follow(workspace, new PlainLog(listener.getLogger()), 200);
            if (progress.ended()) {
                return progress;
            }
            if (!progress.output()) {
                Thread.sleep(PAUSE_MS);
            }
        }
    }

    private BuildSpecification specification() {
        List<String> lines = images == null
                ? List.of()
                : images.lines()
                        .map(String::trim)
                        .filter(line -> !line.isEmpty())
                        .toList();
        return Texts.specification(spec, specFile, store, sandbox, dir, lines, null, keepGoing);
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

    /** {@code NAME=SOURCE}, one a line. */
    @CheckForNull
    public String getImages() {
        return images;
    }

    @DataBoundSetter
    public void setImages(String images) {
        this.images = Texts.given(images);
    }

    public boolean isKeepGoing() {
        return keepGoing;
    }

    @DataBoundSetter
    public void setKeepGoing(boolean keepGoing) {
        this.keepGoing = keepGoing;
    }

    /** Registers the build step. Without a symbol: in pipelines, {@code obuilder} is the step that outlives a restart. */
    @Extension
    public static final class DescriptorImpl extends BuildStepDescriptor<Builder> {
        @NonNull @Override
        public String getDisplayName() {
            return Messages.ObuilderBuilder_DisplayName();
        }

        @Override
        @SuppressWarnings("rawtypes")
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }
    }
}
