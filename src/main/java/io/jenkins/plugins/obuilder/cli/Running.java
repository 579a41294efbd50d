package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.Cancellation;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The process that a command runs in: its streams, and what tells it to stop. */
final class Running {
    /** How long a cancelled command may take to clear up after a signal before the process ends all the same. */
    private static final Duration CLEARING_UP = Duration.ofSeconds(60);

    private final OutputStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final boolean debug;
    private final Cancellation cancellation = new Cancellation();
    private final AtomicInteger exitWhenCancelled = new AtomicInteger(ExitCodes.FAILED);
    private final CountDownLatch finished = new CountDownLatch(1);

    Running(OutputStream out, PrintStream err, boolean terminal, boolean debug) {
        this.out = new WatchedOutput(out, this::outputBroken);
        this.err = err;
        this.terminal = terminal;
        this.debug = debug;
    }

    /**
     * This process. INT, TERM and HUP cancel what runs; the process then ends, with 128 plus the signal, when that has cleared up after
     * itself.
     */
    static Running withSignals() {
        Running running = new Running(
                new FileOutputStream(FileDescriptor.out),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.console() != null && System.getenv("NO_COLOR") == null,
                System.getenv("OBUILDER_DEBUG") != null);
        Runtime.getRuntime().addShutdownHook(new Thread(running::stop, "signal"));
        return running;
    }

    private void outputBroken(IOException e) {
        String reason = String.valueOf(e.getMessage());
        if (reason.contains("Broken pipe") || reason.contains("closed")) {
            cancel(ExitCodes.OUTPUT_CLOSED, "whoever read its output has gone");
        } else {
            cancel(ExitCodes.FAILED, "its output cannot be written: " + reason);
        }
    }

    private void stop() {
        if (finished.getCount() == 0) {
            return;
        }
        cancellation.cancel("a signal told it to stop");
        try {
            if (!finished.await(CLEARING_UP.toSeconds(), TimeUnit.SECONDS)) {
                err.println("obuilder: still clearing up after " + CLEARING_UP.toSeconds()
                        + " s: gave up; the next start repairs the store");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The command has come to its end; nothing is left to clear up. */
    void finished() {
        finished.countDown();
    }

    /** Cancels what runs. */
    void cancel(int exitCode, String reason) {
        exitWhenCancelled.set(exitCode);
        cancellation.cancel(reason);
    }

    /** The exit status of a command that was cancelled; where a signal did it, the signal decides instead. */
    int exitWhenCancelled() {
        return exitWhenCancelled.get();
    }

    Cancellation cancellation() {
        return cancellation;
    }

    OutputStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    /** Whether a person sees the output as it comes. */
    boolean terminal() {
        return terminal;
    }

    boolean debug() {
        return debug;
    }
}
