package io.jenkins.plugins.obuilder.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A started command: feeds it, takes its output, and ends it when it takes too long or is cancelled. */
final class RunningCommand {
    /** How long the end of the output may lie behind the exit: a process that slipped out of the session may hold the pipe for ever. */
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);

    /** How long a killed process is waited for: one that waits in the kernel may never go. */
    private static final Duration KILL_LIMIT = Duration.ofSeconds(60);

    private static final int ERRORS_KEPT = 64 << 10;
    private static final int KILL = 9;

    private final HostCommand command;
    private final Process process;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final TailBuffer errors = new TailBuffer(ERRORS_KEPT);
    private final AtomicReference<IOException> sinkFailure = new AtomicReference<>();
    private final OutputPump outputPump;
    private final Optional<OutputPump> errorPump;

    /** When it was killed, by {@link System#nanoTime}; 0: not yet. */
    private volatile long killed;

    RunningCommand(HostCommand command, Process process) {
        this.command = command;
        this.process = process;
        if (command.sink().isPresent()) {
            WidePipe.atOutputOf(process.pid());
        }
        outputPump = new OutputPump(
                process.getInputStream(),
                command.sink().isPresent() ? command.sink().get() : capped(),
                this::sinkFailed);
        errorPump = command.mergesErrors()
                ? Optional.empty()
                : Optional.of(new OutputPump(process.getErrorStream(), errors, this::sinkFailed));
    }

    CommandResult finish() throws HostException {
        Cancellation.Registration registration =
                command.cancellation().map(c -> c.onCancel(this::kill)).orElse(() -> {});
        try {
            feed();
            if (!awaitExit()) {
                kill();
                throw new CommandTimeoutException(
                        "cannot " + command.doing() + ": " + command + " was killed because it took longer than "
                                + command.limit().orElseThrow().toSeconds() + " s: " + soFar().complaint());
            }
            command.afterExit().run();
            drain();
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
            throw new HostException("cannot " + command.doing() + ": interrupted while waiting for " + command, e);
        } finally {
            registration.close();
            outputPump.abandon();
            errorPump.ifPresent(OutputPump::abandon);
        }
        Optional<String> cancelled = command.cancellation().flatMap(Cancellation::reason);
        if (cancelled.isPresent()) {
            throw new CommandCancelledException(command, cancelled.get());
        }
        if (sinkFailure.get() != null) {
            throw new HostException(
                    "cannot " + command.doing() + ": cannot pass on the output of "
                            + command.argvText().get(0) + ": "
                            + sinkFailure.get().getMessage(),
                    sinkFailure.get());
        }
        return soFar();
    }

    private boolean awaitExit() throws InterruptedException, HostException {
        if (command.limit().isEmpty()) {
            while (!process.waitFor(1, TimeUnit.SECONDS)) {
                if (killed != 0 && System.nanoTime() - killed > KILL_LIMIT.toNanos()) {
                    throw new HostException("cannot end " + command + ": its process " + process.pid()
                            + " was killed and does not go, so it waits in the kernel");
                }
            }
            return true;
        }
        return process.waitFor(command.limit().get().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits for the end of the output; whoever of the session still holds the pipe then is ended. */
    private void drain() throws InterruptedException {
        long deadline = System.nanoTime() + DRAIN_LIMIT.toNanos();
        if (!ended(System.nanoTime() + DRAIN_LIMIT.toNanos() / 2)) {
            kill();
            ended(deadline);
        }
    }

    private boolean ended(long deadline) throws InterruptedException {
        boolean first = outputPump.awaitEnd(deadline);
        return (errorPump.isEmpty() || errorPump.get().awaitEnd(deadline)) && first;
    }

    /** Input goes from a thread of its own when it may not fit into the pipe. A command that does not read it all is no failure. */
    private void feed() {
        byte[] input = command.input();
        Runnable write = () -> {
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input);
            } catch (IOException e) {
                // The command has ended or closed its input; its exit status tells whether that is an error.
                return;
            }
        };
        if (input.length <= 4096) {
            write.run();
        } else {
            Thread thread = new Thread(write, "input of " + command.argvText().get(0));
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void sinkFailed(IOException failure) {
        sinkFailure.compareAndSet(null, failure);
        kill();
    }

    /** Kills the command and its whole session's process group; with no session, its known descendants. */
    private void kill() {
        if (killed == 0) {
            killed = System.nanoTime();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        ProcessGroups.signal(process.pid(), KILL);
    }

    private CommandResult soFar() {
        synchronized (output) {
            return new CommandResult(
                    process.isAlive() ? 128 + KILL : process.exitValue(), output.toByteArray(), errors.toByteArray());
        }
    }

    private OutputStream capped() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                synchronized (output) {
                    if (output.size() + length > SystemCommands.OUTPUT_CAP) {
                        throw new IOException("it wrote more than " + SystemCommands.OUTPUT_CAP + " bytes");
                    }
                    output.write(buffer, offset, length);
                }
            }
        };
    }
}
