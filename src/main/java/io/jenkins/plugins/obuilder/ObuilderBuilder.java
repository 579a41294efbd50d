package io.jenkins.plugins.obuilder;

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
import io.jenkins.plugins.obuilder.agent.EngineProcess;
import io.jenkins.plugins.obuilder.agent.EngineResult;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.tasks.SimpleBuildStep;
import org.kohsuke.stapler.DataBoundConstructor;

/** The build step of freestyle jobs: builds a spec on the agent and records the id of its snapshot. */
public class ObuilderBuilder extends Builder implements SimpleBuildStep {
    private static final Logger LOGGER = Logger.getLogger(ObuilderBuilder.class.getName());
    private static final int WAIT_MS = 500;

    /** An engine that was told to stop clears up first. */
    private static final long STOPPING_S = 120;

    private final ObuilderStep step;

    /** @param step has the same parameters */
    @DataBoundConstructor
    public ObuilderBuilder(ObuilderStep step) {
        this.step = step;
    }

    public ObuilderStep getStep() {
        return step;
    }

    @Override
    public void perform(
            @NonNull Run<?, ?> run,
            @NonNull FilePath workspace,
            @NonNull EnvVars env,
            @NonNull Launcher launcher,
            @NonNull TaskListener listener)
            throws InterruptedException, IOException {
        EngineProcess engine = EngineProcess.in(workspace);
        AnnotatedLog log = new AnnotatedLog(listener, run.getCharset());
        EngineProcess.Progress end;
        try {
            engine.start(step.specification(workspace), CredentialValues.of(run, step.getSecrets()), workspace, env);
            end = follow(engine, workspace, log);
        } catch (InterruptedException e) {
            stop(engine, workspace, log);
            throw e;
        }
        cleanUp(engine, workspace);
        EngineResult result = end.result();
        Snapshots.record(run, result, workspace, listener);
    }

    private static EngineProcess.Progress follow(EngineProcess engine, FilePath workspace, AnnotatedLog log)
            throws InterruptedException, IOException {
        EngineProcess.Progress progress;
        do {
            progress = engine.follow(workspace, log, WAIT_MS);
        } while (!progress.ended());
        return progress;
    }

    private static void stop(EngineProcess engine, FilePath workspace, AnnotatedLog log)
            throws IOException, InterruptedException {
        engine.stop(workspace);
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOPPING_S);
        while (System.nanoTime() < giveUp) {
            if (engine.follow(workspace, log, WAIT_MS).ended()) {
                cleanUp(engine, workspace);
                return;
            }
        }
    }

    /** A finished build is not failed by what could not be removed. */
    private static void cleanUp(EngineProcess engine, FilePath workspace) throws InterruptedException {
        try {
            engine.cleanUp(workspace);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot remove the files of " + engine);
        }
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
