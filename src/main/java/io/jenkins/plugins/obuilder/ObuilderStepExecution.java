package io.jenkins.plugins.obuilder;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.obuilder.agent.BuildSpecification;
import io.jenkins.plugins.obuilder.agent.EngineProcess;
import io.jenkins.plugins.obuilder.agent.EngineResult;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * A running {@code obuilder} step. The engine runs on the agent by itself; this looks in on it, from time to time, and passes its output on.
 * So the build goes on while the controller is restarted or the connection to the agent is lost.
 */
@SuppressFBWarnings(
        value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
        justification = "what is transient belongs to a start, or is set anew by onResume")
final class ObuilderStepExecution extends StepExecution {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(ObuilderStepExecution.class.getName());
    private static final long SHORTEST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 1_000;

    /** So often in a row a connected agent may fail to answer: a connection that is being lost fails once or twice. */
    private static final int MOST_FAILURES = 10;

    private final transient BuildSpecification specification;

    /** The name of the agent's node, and the workspace there: how to find it again. */
    private String node;

    private String workspacePath;
    private EngineProcess engine;

    private transient volatile Throwable stopCause;
    private transient long pauseMs = SHORTEST_PAUSE_MS;
    private transient boolean lost;
    private transient int failures;

    ObuilderStepExecution(StepContext context, BuildSpecification specification) {
        super(context);
        this.specification = specification;
    }

    @Override
    public boolean start() throws Exception {
        StepContext context = getContext();
        FilePath workspace = context.get(FilePath.class);
        Computer computer = workspace.toComputer();
        if (computer == null) {
            throw new AbortException(
                    "obuilder: the agent of the workspace " + workspace.getRemote() + " is not connected");
        }
        node = computer.getName();
        workspacePath = workspace.getRemote();
        engine = EngineProcess.in(workspace);
        engine.start(
                specification,
                io.jenkins.plugins.obuilder.agent.BuildSecrets.NONE,
                workspace,
                context.get(EnvVars.class));
        context.saveState();
        schedule();
        return false;
    }

    @Override
    public void onResume() {
        pauseMs = SHORTEST_PAUSE_MS;
        schedule();
    }

    /** The timer's few threads must not wait for an agent. */
    private void schedule() {
        Timer.get().schedule(() -> Computer.threadPoolForRemoting.submit(this::look), pauseMs, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            if (follow()) {
                return;
            }
            failures = 0;
        } catch (IOException | RuntimeException e) {
            // The connection, most likely: the agent is looked for again.
            LOGGER.log(Level.FINE, e, () -> "cannot follow " + engine + " on " + node);
            if (workspace() != null && ++failures >= MOST_FAILURES) {
                getContext()
                        .onFailure(new AbortException(
                                "obuilder: cannot follow " + engine + " on the agent " + node + ": " + e));
                return;
            }
            pauseMs = LONGEST_PAUSE_MS;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        schedule();
    }

    /** Passes on what there is. Returns whether the step has come to its end. */
    private boolean follow() throws IOException, InterruptedException {
        TaskListener listener = getContext().get(TaskListener.class);
        FilePath workspace = workspace();
        if (workspace == null) {
            if (!lost) {
                listener.getLogger()
                        .println("obuilder: the agent " + node + " is not connected; the build goes on there");
            }
            lost = true;
            pauseMs = LONGEST_PAUSE_MS;
            return false;
        }
        if (lost) {
            listener.getLogger().println("obuilder: the agent " + node + " is back");
            lost = false;
        }
        EngineProcess.Progress progress = engine.follow(workspace, new PlainLog(listener.getLogger()), 200);
        if (progress.output()) {
            getContext().saveState();
        }
        if (progress.ended()) {
            end(workspace, progress);
            return true;
        }
        pauseMs = progress.output() ? SHORTEST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pauseMs * 3 / 2);
        return false;
    }

    @CheckForNull
    private FilePath workspace() {
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        Computer computer = jenkins == null ? null : jenkins.getComputer(node);
        VirtualChannel channel = computer == null ? null : computer.getChannel();
        return channel == null ? null : new FilePath(channel, workspacePath);
    }

    private void end(FilePath workspace, EngineProcess.Progress progress) throws InterruptedException {
        try {
            engine.cleanUp(workspace);
        } catch (IOException e) {
            // A finished build is not failed by what could not be removed.
            LOGGER.log(Level.WARNING, e, () -> "cannot remove the files of " + engine + " on " + node);
        }
        Throwable cause = stopCause;
        if (cause != null) {
            getContext().onFailure(cause);
            return;
        }
        try {
            EngineResult result = progress.result();
            SnapshotAction.record(getContext().get(Run.class), result);
            getContext().onSuccess(result.id());
        } catch (IOException e) {
            getContext().onFailure(e);
        }
    }

    @Override
    public void stop(@NonNull Throwable cause) throws Exception {
        stopCause = cause;
        FilePath workspace = engine == null ? null : workspace();
        if (workspace == null) {
            super.stop(cause);
            return;
        }
        engine.stop(workspace);
    }

    @Override
    public String getStatus() {
        return engine == null ? "the engine is not started yet" : engine + " on " + node;
    }
}
