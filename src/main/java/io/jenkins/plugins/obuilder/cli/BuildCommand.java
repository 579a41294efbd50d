package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.boundary.RootProcess;
import io.jenkins.plugins.obuilder.engine.BuildOptions;
import io.jenkins.plugins.obuilder.engine.BuildOutcome;
import io.jenkins.plugins.obuilder.engine.BuildRequest;
import io.jenkins.plugins.obuilder.engine.Builder;
import io.jenkins.plugins.obuilder.engine.LogMarks;
import io.jenkins.plugins.obuilder.engine.SecretMask;
import io.jenkins.plugins.obuilder.image.DigestMemory;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.SpecException;
import io.jenkins.plugins.obuilder.store.SharedStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

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

    @Mixin
    private PaceOptions pace;

    @Mixin
    private SpaceOptions space;

    @Mixin
    private RootAccess rootAccess;

    @Spec
    private CommandSpec command;

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
        resultFile.check();
        Optional<StandardRequest> standard;
        try {
            standard = requested ? Optional.of(request(running)) : Optional.empty();
        } catch (UserException e) {
            resultFile.write(BuildOutcome.notBegun(e.getMessage()));
            throw e;
        }
        LogMarks marks = standard.map(StandardRequest::marks).orElse(LogMarks.NONE);
        BuildRun run = new BuildRun(running, settings.json(), marks, resultFile::write);
        return run.insist(() -> rootAccess.isDirect() ? build(run, standard) : buildThroughRoot(running, standard));
    }

    private static StandardRequest request(Running running) throws UserException {
        StandardRequest request = StandardRequest.read(System.in);
        StandardRequest.whenItEnds(
                System.in, () -> running.cancel(ExitCodes.STOPPED, "whoever asked for it told it to stop"));
        return request;
    }

    private int build(BuildRun run, Optional<StandardRequest> standard)
            throws UserException, SpecException, IOException {
        Running running = run.running();
        settings.check(standard);
        space.check();
        timeout.start(running);
        BuildOptions options = pace.options(
                sandboxOption.stepLimits(),
                standard.map(request -> SecretMask.of(request.confidential())).orElse(SecretMask.NONE),
                OptionalInt.empty());
        try (LetGo<SharedStore> opened = new LetGo<>(storeOption.open(running), running.err());
                LetGo<Sandbox> sandbox =
                        new LetGo<>(sandboxOption.open(defaultSandbox(), opened.of()), running.err())) {
            SharedStore store = opened.of();
            BuildRequest request = settings.read(Optional.of(store), standard);
            DigestMemory memory = DigestMemory.in(store.root().resolve("state").resolve("digests"));
            Builder builder = Builder.on(store, sandbox.of(), imageOptions.images(memory, running));
            return run.build(builder, store, sandbox.of(), request, options.with(space.on(store)), requested);
        }
    }

    private int buildThroughRoot(Running running, Optional<StandardRequest> standard)
            throws UserException, SpecException, IOException {
        settings.check(standard);
        space.check();
        List<String> options =
                new ArrayList<>(CallersOptions.of(command.commandLine().getParseResult()));
        if (sandboxOption.name().isEmpty() && !defaultSandbox().equals(SandboxOption.defaultName())) {
            options.add("--sandbox=" + defaultSandbox());
        }
        BuildSettings.ForRoot what = settings.forRoot(standard);
        // First: what the root side would say of the images means nothing where there is none.
        try (RootProcess root = rootAccess.start(RootAccess.BUILDS)) {
            CallerBuild build = new CallerBuild(running, what, imageOptions.offered());
            return build.through(root, options, storeOption.name(), requested, resultFile);
        }
    }
}
