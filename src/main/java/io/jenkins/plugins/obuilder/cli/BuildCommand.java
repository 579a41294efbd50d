package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.BuildEvents;
import io.jenkins.plugins.obuilder.engine.BuildOptions;
import io.jenkins.plugins.obuilder.engine.BuildOutcome;
import io.jenkins.plugins.obuilder.engine.BuildRequest;
import io.jenkins.plugins.obuilder.engine.Builder;
import io.jenkins.plugins.obuilder.engine.JsonEvents;
import io.jenkins.plugins.obuilder.engine.LogMarks;
import io.jenkins.plugins.obuilder.engine.MissingSecretException;
import io.jenkins.plugins.obuilder.engine.SecretMask;
import io.jenkins.plugins.obuilder.engine.TextEvents;
import io.jenkins.plugins.obuilder.image.DigestMemory;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.SpecException;
import io.jenkins.plugins.obuilder.store.SharedStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder build}. */
@Command(
        name = "build",
        description = "Builds a spec, and prints the id of its result.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
class BuildCommand implements Callable<Integer> {
    @ParentCommand
    private ObuilderCommand parent;

    @Mixin
    private BuildSettings settings;

    @Mixin
    private StoreOption storeOption;

    @Mixin
    private SandboxOption sandboxOption;

    @Mixin
    private ImageOptions imageOptions;

    @Mixin
    private ResultFile resultFile;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description =
                    "How many steps may run at once (default: 4, or twice the number of processors if that is more).")
    private Integer parallel;

    @Option(
            names = "--keep-going",
            description = "After a failure, go on with nested builds that do not need what failed.")
    private boolean keepGoing;

    @Option(
            names = "--request",
            description =
                    "For programs: read spec and secrets from standard input, hide the secrets in the log, and stop when standard"
                            + " input ends (docs/events.md).")
    private boolean requested;

    @Mixin
    private TimeoutOption timeout;

    /** The sandbox when none is named. */
    String defaultSandbox() {
        return SandboxOption.defaultName();
    }

    @Override
    public Integer call() throws UserException, SpecException, IOException {
        Running running = parent.running();
        LogMarks marks = LogMarks.NONE;
        try {
            timeout.start(running);
            Optional<StandardRequest> standard = requested ? Optional.of(request(running)) : Optional.empty();
            if (standard.isPresent() && !standard.get().token().isEmpty()) {
                marks = LogMarks.of(standard.get().token());
            }
            return build(running, standard, marks);
        } catch (UserException | SpecException | IOException e) {
            BuildOutcome outcome = BuildOutcome.notBegun(e.getMessage());
            resultFile.write(outcome);
            if (marks == LogMarks.NONE) {
                throw e;
            }
            Console.print(running, marks.finished(outcome));
            return e instanceof UserException user
                    ? user.exitCode()
                    : e instanceof SpecException ? ExitCodes.USAGE : ExitCodes.FAILED;
        }
    }

    private static StandardRequest request(Running running) throws UserException {
        StandardRequest request = StandardRequest.read(System.in);
        StandardRequest.whenItEnds(
                System.in, () -> running.cancel(ExitCodes.STOPPED, "whoever asked for it told it to stop"));
        return request;
    }

    private int build(Running running, Optional<StandardRequest> standard, LogMarks marks)
            throws UserException, SpecException, IOException {
        settings.check(standard);
        if (parallel != null && parallel < 1) {
            throw UserException.usage("--parallel " + parallel + ": at least one step must be able to run");
        }
        BuildOptions options = new BuildOptions(
                parallel == null ? BuildOptions.defaults().parallel() : parallel,
                keepGoing,
                sandboxOption.stepLimits(),
                standard.map(request -> SecretMask.of(request.confidential())).orElse(SecretMask.NONE));
        try (SharedStore store = storeOption.open(running);
                Sandbox sandbox = sandboxOption.open(defaultSandbox(), store)) {
            BuildRequest request = settings.read(Optional.of(store), standard);
            repair(running, store, sandbox);
            DigestMemory memory = DigestMemory.in(store.root().resolve("state").resolve("digests"));
            Builder builder = Builder.on(store, sandbox, imageOptions.images(memory));
            BuildEvents events = settings.json()
                    ? new JsonEvents(running.out(), Version.text())
                    : new TextEvents(request.spec(), running.out(), running.terminal(), marks);
            BuildOutcome outcome;
            try {
                outcome = builder.build(request, options, events, running.cancellation());
            } catch (MissingSecretException e) {
                throw SecretOptions.missing(e, requested);
            }
            resultFile.write(outcome);
            return end(running, outcome, marks != LogMarks.NONE);
        }
    }

    /** What still runs goes first: it may hold what it has left on disk. */
    private static void repair(Running running, SharedStore store, Sandbox sandbox) throws IOException {
        List<String> removed = new ArrayList<>(sandbox.sweep());
        removed.addAll(store.repair());
        removed.forEach(what -> running.err().println("obuilder: a build that crashed had left " + what + ": removed"));
    }

    /** @param told whether the last mark has told it already */
    private static int end(Running running, BuildOutcome outcome, boolean told) {
        switch (outcome.status()) {
            case SUCCEEDED -> {
                return ExitCodes.OK;
            }
            case CANCELLED -> {
                if (!told) {
                    running.err().println("obuilder: the build was cancelled: " + outcome.message());
                }
                return running.exitWhenCancelled();
            }
            default -> {
                if (!told) {
                    running.err().println("obuilder: " + outcome.message());
                }
                return ExitCodes.FAILED;
            }
        }
    }
}
