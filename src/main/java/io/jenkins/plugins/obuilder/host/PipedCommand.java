package io.jenkins.plugins.obuilder.host;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A program that is talked to while it runs, over its standard input and output. What it says on standard error is kept. It stays in this
 * process' session, and gets no environment but {@code PATH} and {@code LC_ALL}.
 */
public final class PipedCommand implements Closeable {
    private static final int ERRORS_KEPT = 64 << 10;

    private final String shown;
    private final Process process;
    private final TailBuffer errors = new TailBuffer(ERRORS_KEPT);
    private final OutputPump errorPump;

    private PipedCommand(String shown, Process process) {
        this.shown = shown;
        this.process = process;
        // What is kept in memory cannot fail to be written.
        errorPump = new OutputPump(process.getErrorStream(), errors, failure -> {});
    }

    /** Starts it. Of the command only the arguments and the environment count. */
    public static PipedCommand start(HostCommand command) throws HostException {
        return new PipedCommand(command.toString(), new SystemCommands().start(command, true));
    }

    /** Its standard output. */
    public InputStream output() {
        return process.getInputStream();
    }

    /** Its standard input. */
    public OutputStream input() {
        return process.getOutputStream();
    }

    /** What it has said on standard error, the last of it; whole when it has ended. */
    public String errors() {
        return new String(errors.toByteArray(), StandardCharsets.UTF_8);
    }

    /**
     * Waits for its end, and for the end of what it says.
     *
     * @return the exit status
     * @throws HostException when it takes longer
     */
    public int await(Duration limit) throws HostException {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new HostException(shown + " does not end");
            }
            errorPump.awaitEnd(deadline);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException("interrupted while waiting for " + shown, e);
        }
    }

    /** Closes its standard input: whoever still listens there is told to end. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
    }

    @Override
    public String toString() {
        return shown;
    }
}
