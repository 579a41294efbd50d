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
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * A running {@code obuilder} step. The engine runs on the agent by itself; this looks in on it, from time to time, and passes its output on.
 * So the build goes on while the controller is restarted or the connection to the agent is lost.
 *
 * <p>One look follows another, never two at a time; {@link #stop} alone comes from outside, and ends the engine rather than the looks.
 */
@SuppressFBWarnings(
        value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
        justification = "what is transient is set anew by onResume, or made when needed")
final class ObuilderStepExecution extends StepExecution {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(ObuilderStepExecution.class.getName());

    /** So long a look waits, on the agent, for something to tell. */
    private static final int WAIT_MS = 500;

    /** Between looks at a build that has been silent for a while, and at an agent that is not there. */
    private static final long PAUSE_MS = 1_000;

    private static final long SILENT_AFTER_NS = TimeUnit.SECONDS.toNanos(10);

    /** So often in a row a connected agent may fail to answer: a connection that is being lost fails once or twice. */
    private static final int MOST_FAILURES = 10;

    /** An engine that was told to stop clears up first; the step does not wait longer for that. */
    private static final long STOPPING_S = 120;

    private final ObuilderStep step;
    private final BuildSpecification specification;

    /** The name of the agent's node, and the workspace there: how to find it again. */
    private final String node;

    private final String workspacePath;
    private final EngineProcess engine;
    private volatile boolean started;

    private transient volatile Throwable stopCause;
    private transient AtomicBoolean ended = new AtomicBoolean();
    private transient AnnotatedLog log;
    private transient PositionFile position;
    private transient LostAgent lost;
    private transient int failures;
    private transient long lastOutput;

    ObuilderStepExecution(StepContext context, ObuilderStep step) throws IOException, InterruptedException {
        super(context);
        this.step = step;
        FilePath workspace = context.get(FilePath.class);
        Computer computer = workspace.toComputer();
        if (computer == null) {
            throw new AbortException(
                    "obuilder: the agent of the workspace " + workspace.getRemote() + " is not connected");
        }
        node = computer.getName();
        workspacePath = workspace.getRemote();
        specification = step.specification(workspace);
        engine = EngineProcess.in(workspace);
    }

    @Override
    public boolean start() {
        begin();
        return false;
    }

    @Override
    public void onResume() {
        ended = new AtomicBoolean();
        begin();
    }

    private void begin() {
        lastOutput = System.nanoTime();
        schedule(0);
    }

    /** The timer's few threads must not wait for an agent. */
    private void schedule(long pauseMs) {
        if (pauseMs == 0) {
            Computer.threadPoolForRemoting.submit(this::look);
        } else {
            Timer.get()
                    .schedule(() -> Computer.threadPoolForRemoting.submit(this::look), pauseMs, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        long pause = PAUSE_MS;
        try {
            FilePath workspace = workspace();
            if (workspace == null) {
                waitForAgent();
            } else if (stopCause != null && !started) {
                end(stopCause);
            } else {
                agentIsThere();
                start(workspace);
                pause = follow(workspace);
            }
            failures = 0;
        } catch (AbortException e) {
            end(e);
        } catch (IOException | RuntimeException e) {
            // The connection, most likely: the agent is looked for again.
            LOGGER.log(Level.FINE, e, () -> "cannot follow " + engine + " on " + node);
            failures++;
            if (workspace() != null && (failures >= MOST_FAILURES || !started)) {
                end(new AbortException("obuilder: cannot " + (started ? "follow" : "start") + " " + engine
                        + " on the agent " + node + ": " + e));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!ended.get()) {
            schedule(pause);
        }
    }

    private void start(FilePath workspace) throws IOException, InterruptedException {
        if (!started) {
            engine.start(
                    specification,
                    CredentialValues.of(run(), step.getSecrets()),
                    workspace,
                    getContext().get(EnvVars.class));
            started = true;
            getContext().saveState();
            if (stopCause != null) {
                engine.stop(workspace);
            }
        }
    }

    /** Passes on what there is. Returns how long to wait, in milliseconds, before there may be more. */
    private long follow(FilePath workspace) throws IOException, InterruptedException {
        EngineProcess.Progress progress = engine.follow(workspace, log(), WAIT_MS);
        if (progress.output()) {
            position().write(engine.position());
            lastOutput = System.nanoTime();
        }
        if (progress.ended()) {
            finish(workspace, progress);
        }
        return System.nanoTime() - lastOutput < SILENT_AFTER_NS ? 0 : PAUSE_MS;
    }

    private Run<?, ?> run() throws IOException, InterruptedException {
        return getContext().get(Run.class);
    }

    private AnnotatedLog log() throws IOException, InterruptedException {
        if (log == null) {
            log = new AnnotatedLog(getContext().get(TaskListener.class), StandardCharsets.UTF_8);
        }
        return log;
    }

    /** What was saved with the last piece is newer than what was saved with this. */
    private PositionFile position() throws IOException, InterruptedException {
        if (position == null) {
            position = PositionFile.of(run().getRootDir(), engine.name());
        }
        return position;
    }

    private void waitForAgent() throws IOException, InterruptedException {
        TaskListener listener = getContext().get(TaskListener.class);
        if (lost == null) {
            lost = new LostAgent(node);
            listener.getLogger().println("obuilder: the agent " + node + " is not connected; the build goes on there");
        }
        if (stopCause != null) {
            stopLater();
            end(stopCause);
        } else if (lost.isGivenUp()) {
            stopLater();
            end(new AbortException("obuilder: " + lost.message()));
        }
    }

    private void agentIsThere() throws IOException, InterruptedException {
        if (lost != null) {
            lost = null;
            getContext().get(TaskListener.class).getLogger().println("obuilder: the agent " + node + " is back");
        }
        if (position == null && started) {
            engine.resumeAt(position().read());
        }
    }

    private void stopLater() {
        if (started) {
            PendingStops.get().add(node, engine.control());
        }
    }

    @CheckForNull
    private FilePath workspace() {
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        Computer computer = jenkins == null ? null : jenkins.getComputer(node);
        VirtualChannel channel = computer == null ? null : computer.getChannel();
        return channel == null ? null : new FilePath(channel, workspacePath);
    }

    private void finish(FilePath workspace, EngineProcess.Progress progress) throws IOException, InterruptedException {
        try {
            engine.cleanUp(workspace);
        } catch (IOException e) {
            // A finished build is not failed by what could not be removed.
            LOGGER.log(Level.WARNING, e, () -> "cannot remove the files of " + engine + " on " + node);
        }
        if (stopCause != null) {
            end(stopCause);
            return;
        }
        EngineResult result = progress.result();
        Snapshots.record(run(), result, workspace, getContext().get(TaskListener.class));
        if (ended.compareAndSet(false, true)) {
            position().delete();
            getContext().onSuccess(step.isResult() ? ResultMap.of(result) : result.id());
        }
    }

    private void end(Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            if (position != null) {
                position.delete();
            }
            getContext().onFailure(cause);
        }
    }

    @Override
    public void stop(@NonNull Throwable cause) {
        stopCause = cause;
        Computer.threadPoolForRemoting.submit(this::stopEngine);
        Timer.get().schedule(() -> end(cause), STOPPING_S, TimeUnit.SECONDS);
    }

    /** The looks go on, and see the end of it; where the agent is not there, or the engine not started, they see that too. */
    private void stopEngine() {
        FilePath workspace = workspace();
        if (workspace != null && started) {
            try {
                engine.stop(workspace);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "cannot stop " + engine + " on " + node);
                stopLater();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String getStatus() {
        return (started ? "following " : "starting ") + engine + " on " + (node.isEmpty() ? "the built-in node" : node);
    }
}
