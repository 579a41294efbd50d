package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.boundary.BuildSlots;
import io.jenkins.plugins.obuilder.boundary.CallerConnection;
import io.jenkins.plugins.obuilder.boundary.Installation;
import io.jenkins.plugins.obuilder.boundary.Protocol;
import io.jenkins.plugins.obuilder.boundary.Request;
import io.jenkins.plugins.obuilder.engine.JsonEvents;
import io.jenkins.plugins.obuilder.spec.SpecException;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder serve}: the root side of one build. Its wrapper starts it; the caller has the other ends of its pipes. */
@Command(
        name = "serve",
        description = "The root side of a build that another user asks for over a pipe; obuilder install sets it up.",
        hidden = true,
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    /** How long clearing up may take when the caller has gone. */
    private static final Duration CLEARING_UP = Duration.ofMinutes(5);

    /** How many commands that are no builds are done at a time. */
    private static final int LOOKS = 8;

    @ParentCommand
    private ObuilderCommand parent;

    @Option(names = "--prefix", required = true, description = "Where it is installed.")
    private Path prefix;

    @Option(names = "--config", required = true, description = "What is allowed.")
    private Path config;

    @Override
    public Integer call() throws IOException {
        CallerConnection caller =
                new CallerConnection(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
        // Nothing but frames may go there.
        System.setOut(System.err);
        caller.greet(Version.text());
        Optional<Request> request;
        Thread clock = halt(Protocol.REQUEST, "the caller has not said what it wants");
        try {
            request = caller.awaitRequest();
        } finally {
            clock.interrupt();
        }
        if (request.isEmpty()) {
            return ExitCodes.OK;
        }
        Running running = new Running(
                caller.out(),
                new PrintStream(caller.err(), true, StandardCharsets.UTF_8),
                request.get().terminal(),
                false);
        running.cancellation()
                .onCancel(() -> caller.abandon(running.cancellation().reason().orElseThrow()));
        parent.running()
                .cancellation()
                .onCancel(() -> running.cancel(
                        ExitCodes.STOPPED,
                        parent.running().cancellation().reason().orElseThrow()));
        caller.listen(new CallerConnection.Listener() {
            @Override
            public void cancelled(int exitStatus, String reason) {
                running.cancel(exitStatus, reason);
            }

            @Override
            public void lost(String reason) {
                running.cancel(ExitCodes.OUTPUT_CLOSED, reason);
                halt(CLEARING_UP, "clearing up takes too long");
            }
        });
        int status = serve(running, caller, request.get());
        caller.exit(status);
        return status;
    }

    private int serve(Running running, CallerConnection caller, Request request) {
        try {
            Allowed allowed = Allowed.read(config);
            if (!request.command().equals(Request.BUILD)) {
                return look(running, new ServedLook(allowed, request));
            }
            ServedBuild build = new ServedBuild(allowed, caller, request);
            StandardRequest standard = StandardRequest.of(request.body());
            BuildRun run = new BuildRun(
                    running, build.json(), standard.marks(), outcome -> caller.result(JsonEvents.resultFile(outcome)));
            return run.insist(() -> {
                Optional<Closeable> slot =
                        BuildSlots.take(Installation.at(prefix).run(), "build", allowed.builds());
                if (slot.isEmpty()) {
                    throw UserException.failed("the root side does " + allowed.builds()
                            + " builds already, which is what its configuration allows; try again later");
                }
                try {
                    return build.build(run, standard);
                } finally {
                    slot.get().close();
                }
            });
        } catch (UserException | SpecException | IOException | RuntimeException e) {
            return Main.report(running, e);
        }
    }

    private int look(Running running, ServedLook look) throws UserException, IOException {
        Optional<Closeable> slot = BuildSlots.take(Installation.at(prefix).run(), "look", LOOKS);
        if (slot.isEmpty()) {
            throw UserException.failed("the root side does " + LOOKS + " such commands already; try again later");
        }
        try {
            return look.run(running);
        } finally {
            slot.get().close();
        }
    }

    /** Ends this process, if nobody interrupts the clock. The system releases its locks, and the next start repairs the store. */
    private static Thread halt(Duration time, String why) {
        Thread clock = new Thread(
                () -> {
                    try {
                        Thread.sleep(time.toMillis());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return;
                    }
                    System.err.println("obuilder: " + why + ": given up");
                    Runtime.getRuntime().halt(ExitCodes.FAILED);
                },
                "clock");
        clock.setDaemon(true);
        clock.start();
        return clock;
    }
}
