package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A nested build that runs, or has run. */
final class Stage {
    private final FutureTask<SnapshotId> task;

    private Stage(Callable<SnapshotId> work) {
        this.task = new FutureTask<>(work);
    }

    /** Starts it in a thread of its own. */
    static Stage started(String path, Callable<SnapshotId> work) {
        Stage stage = new Stage(work);
        Thread thread = new Thread(stage.task, "stage " + Bytes.toText(path));
        thread.setDaemon(true);
        thread.start();
        return stage;
    }

    /** Runs it to its end in this thread. */
    static Stage finished(Callable<SnapshotId> work) {
        Stage stage = new Stage(work);
        stage.task.run();
        return stage;
    }

    /**
     * Waits for its result.
     *
     * @throws BuildException when it failed
     */
    SnapshotId result() throws BuildException {
        await();
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BuildException failure) {
                throw failure;
            }
            throw new IllegalStateException("a stage ended in a way that was not foreseen", e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("a finished task was waited for", e);
        }
    }

    /** Waits for its end, however it ends. Nothing cuts this short: a cancelled build's stages end by themselves. */
    void await() {
        boolean interrupted = false;
        while (!task.isDone()) {
            try {
                task.get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
