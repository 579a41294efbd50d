package io.jenkins.plugins.obuilder.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Carries a command's output to where it belongs, in a thread of its own, until it ends or is abandoned. */
final class OutputPump {
    /** As much as comes at once out of a pipe that was widened. */
    private static final int BLOCK = 256 << 10;

    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean abandoned;

    /** Starts at once. {@code failed} is told when the output cannot be written; what comes after that is read and dropped. */
    OutputPump(InputStream from, OutputStream to, Consumer<IOException> failed) {
        Thread thread = new Thread(
                () -> {
                    try {
                        pump(from, to, failed);
                    } finally {
                        ended.countDown();
                    }
                },
                "command output");
        thread.setDaemon(true);
        // Where the output belongs is no affair of the command's namespaces.
        PrivateNamespace.startOutside(thread);
    }

    private void pump(InputStream from, OutputStream to, Consumer<IOException> failed) {
        byte[] buffer = new byte[BLOCK];
        boolean writable = true;
        while (true) {
            int count;
            try {
                count = from.read(buffer);
            } catch (IOException e) {
                // Java closes the stream when the process is destroyed: the end, like any other.
                return;
            }
            if (count < 0) {
                return;
            }
            synchronized (this) {
                if (abandoned) {
                    return;
                }
                if (writable) {
                    try {
                        to.write(buffer, 0, count);
                    } catch (IOException e) {
                        writable = false;
                        failed.accept(e);
                    } catch (RuntimeException e) {
                        // Were it not read any more, the command would wait for ever.
                        writable = false;
                        failed.accept(new IOException(e.getMessage(), e));
                    }
                }
            }
        }
    }

    /** @return false when the deadline ({@link System#nanoTime}) passed first */
    boolean awaitEnd(long deadline) throws InterruptedException {
        return ended.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** Nothing is written after this returns. */
    synchronized void abandon() {
        abandoned = true;
    }
}
