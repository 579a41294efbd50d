package io.jenkins.plugins.obuilder.boundary;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.PipedCommand;
import io.jenkins.plugins.obuilder.host.ProcessUser;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The installed root side, started by its wrapper through sudo. Closing it tells it to end. */
public final class RootProcess implements Closeable {
    private static final Duration GOOD_BYE = Duration.ofSeconds(10);

    private final PipedCommand process;
    private final RootConnection connection;
    private final RootConnection.Hello hello;

    private RootProcess(PipedCommand process, RootConnection connection, RootConnection.Hello hello) {
        this.process = process;
        this.connection = connection;
        this.hello = hello;
    }

    /**
     * Starts it.
     *
     * @param ownVersion of this obuilder
     * @throws RootException when it cannot be had; the message says what an administrator should do
     */
    public static RootProcess start(Path wrapper, String ownVersion, Commands commands) throws IOException {
        if (!Files.exists(wrapper)) {
            throw new RootException("there is no " + wrapper);
        }
        Path sudo = commands.find("sudo").orElseThrow(() -> new RootException("sudo is not installed"));
        PipedCommand process =
                PipedCommand.start(HostCommand.of("start the root side", sudo.toString(), "-n", wrapper.toString()));
        boolean greeted = false;
        try {
            RootConnection connection = new RootConnection(process.output(), process.input());
            Optional<RootConnection.Hello> hello = hello(connection, process);
            if (hello.isEmpty()) {
                throw refused(process, wrapper);
            }
            if (!hello.get().fits()) {
                throw new RootException(hello.get().mismatch(ownVersion));
            }
            greeted = true;
            return new RootProcess(process, connection, hello.get());
        } finally {
            if (!greeted) {
                close(process);
            }
        }
    }

    private static Optional<RootConnection.Hello> hello(RootConnection connection, PipedCommand process)
            throws IOException {
        FutureTask<Optional<RootConnection.Hello>> task = new FutureTask<>(connection::awaitHello);
        Thread thread = new Thread(task, "greeting of root");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(Protocol.GREETING.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new RootException(process + " does not answer; so far it said: "
                    + process.errors().strip());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + process, e);
        }
    }

    private static RootException refused(PipedCommand process, Path wrapper) throws HostException {
        int status = process.await(GOOD_BYE);
        String said = process.errors().strip();
        if (said.startsWith("sudo:")) {
            return new RootException("sudo does not let the user " + ProcessUser.name() + " run " + wrapper
                    + " without a password; it says: " + said);
        }
        return new RootException(process + " ended with status " + status + (said.isEmpty() ? "" : ": " + said));
    }

    public RootConnection connection() {
        return connection;
    }

    /** What is installed. */
    public RootConnection.Hello hello() {
        return hello;
    }

    /** Waits for its end after it has closed its output, and says what it said at last: for when it ended without saying how. */
    public String lastWords() throws HostException {
        int status = process.await(GOOD_BYE);
        String said = process.errors().strip();
        return "the root side (" + process + ") ended in the middle, with status " + status
                + (said.isEmpty() ? "" : ": " + said);
    }

    @Override
    public void close() throws IOException {
        close(process);
    }

    private static void close(PipedCommand process) throws IOException {
        try {
            process.close();
        } catch (IOException e) {
            // What was not sent yet cannot be sent any more: the other end is closed already.
            return;
        }
    }

    /** Root's rights cannot be had. */
    public static final class RootException extends IOException {
        private static final long serialVersionUID = 1L;

        RootException(String message) {
            super(message);
        }
    }
}
