package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.BuildEvents;
import io.jenkins.plugins.obuilder.engine.BuildOptions;
import io.jenkins.plugins.obuilder.engine.BuildOutcome;
import io.jenkins.plugins.obuilder.engine.BuildRequest;
import io.jenkins.plugins.obuilder.engine.Builder;
import io.jenkins.plugins.obuilder.engine.JsonEvents;
import io.jenkins.plugins.obuilder.engine.MissingSecretException;
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

    @Mixin
    private TimeoutOption timeout;

    /** The sandbox when none is named. */
    String defaultSandbox() {
        return SandboxOption.defaultName();
    }

    @Override
    public Integer call() throws UserException, SpecException, IOException {
        Running running = parent.running();
        try {
            timeout.start(running);
            return build(running);
        } catch (UserException | SpecException | IOException e) {
            resultFile.writeFailure(e.getMessage());
            throw e;
        }
    }

    private int build(Running running) throws UserException, SpecException, IOException {
        if (parallel != null && parallel < 1) {
            throw UserException.usage("--parallel " + parallel + ": at least one step must be able to run");
        }
        BuildOptions options = new BuildOptions(
                parallel == null ? BuildOptions.defaults().parallel() : parallel,
                keepGoing,
                sandboxOption.stepLimits());
        try (SharedStore store = storeOption.open(running);
                Sandbox sandbox = sandboxOption.open(defaultSandbox(), store)) {
            BuildRequest request = settings.read(Optional.of(store));
            repair(running, store, sandbox);
            DigestMemory memory = DigestMemory.in(store.root().resolve("state").resolve("digests"));
            Builder builder = Builder.on(store, sandbox, imageOptions.images(memory));
            BuildEvents events = settings.json()
                    ? new JsonEvents(running.out(), Version.text())
                    : new TextEvents(request.spec(), running.out(), running.terminal());
            BuildOutcome outcome;
            try {
                outcome = builder.build(request, options, events, running.cancellation());
            } catch (MissingSecretException e) {
                throw UserException.usage(e.getMessage(), e);
            }
            resultFile.write(outcome);
            return end(running, outcome);
        }
    }

    /** What still runs goes first: it may hold what it has left on disk. */
    private static void repair(Running running, SharedStore store, Sandbox sandbox) throws IOException {
        List<String> removed = new ArrayList<>(sandbox.sweep());
        removed.addAll(store.repair());
        removed.forEach(what -> running.err().println("obuilder: a build that crashed had left " + what + ": removed"));
    }

    private static int end(Running running, BuildOutcome outcome) {
        switch (outcome.status()) {
            case SUCCEEDED -> {
                return ExitCodes.OK;
            }
            case CANCELLED -> {
                running.err().println("obuilder: the build was cancelled: " + outcome.message());
                return running.exitWhenCancelled();
            }
            default -> {
                running.err().println("obuilder: " + outcome.message());
                return ExitCodes.FAILED;
            }
        }
    }
}
