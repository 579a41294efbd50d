package io.jenkins.plugins.obuilder.engine;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Works on files beside the thread that walks their tree. Not more than a few batches of them wait, so that not many are open at once. The first
 * failure ends the rest.
 */
final class CopyPool implements Closeable {
    private static final int WAITING = 16;

    private final ExecutorService threads =
            Executors.newFixedThreadPool(Math.max(2, Runtime.getRuntime().availableProcessors()), work -> {
                Thread thread = new Thread(work, "copy");
                thread.setDaemon(true);
                return thread;
            });
    private final Semaphore places = new Semaphore(WAITING);
    private IOException failure;

    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /** Has the work done, now or soon. Throws what earlier work threw. */
    void submit(Work work) throws IOException {
        places.acquireUninterruptibly();
        boolean submitted = false;
        try {
            throwFailure();
            threads.execute(() -> run(work));
            submitted = true;
        } finally {
            if (!submitted) {
                places.release();
            }
        }
    }

    private void run(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            fail(new IOException(e.toString(), e));
        } finally {
            places.release();
        }
    }

    private synchronized void fail(IOException e) {
        if (failure == null) {
            failure = e;
        }
    }

    private synchronized void throwFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    /** Waits until all is done. Throws what any of it threw. */
    void finish() throws IOException {
        places.acquireUninterruptibly(WAITING);
        places.release(WAITING);
        throwFailure();
    }

    /** Waits until all that was begun is done, whatever became of it. */
    @Override
    public void close() {
        places.acquireUninterruptibly(WAITING);
        threads.shutdown();
    }
}
