package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.StepLimits;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.LinuxAccounts;
import io.jenkins.plugins.obuilder.host.MacFacts;
import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.sandbox.MacSandbox;
import io.jenkins.plugins.obuilder.sandbox.MacSettings;
import io.jenkins.plugins.obuilder.sandbox.RuncSandbox;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.sandbox.UserSandbox;
import io.jenkins.plugins.obuilder.sandbox.UserSettings;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The option that names the sandbox. */
final class SandboxOption {
    static final String RUNC = "runc";
    static final String USER = "user";
    private static final List<String> RUNTIMES = List.of("crun", "runc");

    @Option(
            names = "--sandbox",
            paramLabel = "runc|user",
            description =
                    "What a step runs in: a container, or an account made for it (default: runc; on macOS, user).")
    private String sandbox;

    @Option(
            names = "--fast-sync",
            description =
                    "Let calls to sync files to the disk do nothing in containers: a machine that crashes loses the step anyway.")
    private boolean fastSync;

    @Option(
            names = "--runtime",
            paramLabel = "crun|runc",
            description = "What starts containers (default: crun where it works, else runc).")
    private String runtime;

    @Mixin
    private LimitOptions limits;

    @Mixin
    private MacOptions mac;

    static String defaultName() {
        return OperatingSystem.isMac() ? USER : RUNC;
    }

    /**
     * The sandbox.
     *
     * @param byDefault its name when the option was not given
     * @param store where it keeps what it needs while commands run
     */
    Sandbox open(String byDefault, Store store) throws UserException, IOException {
        return open(byDefault, store, resources());
    }

    /** The same with other limits than the options say. */
    Sandbox open(String byDefault, Store store, ResourceLimits resources) throws UserException, IOException {
        String name = nameOr(byDefault);
        if (fastSync && !name.equals(RUNC)) {
            throw UserException.usage("--fast-sync works in containers alone, not with --sandbox " + name);
        }
        mac.refuseElsewhere();
        if (name.equals(USER) && OperatingSystem.isMac()) {
            Commands commands = new SystemCommands();
            MacFacts facts = MacFacts.ask(commands);
            MacSettings settings = mac.settings(facts);
            return MacSandbox.open(
                    commands,
                    settings,
                    facts,
                    store.root(),
                    store.relocation(),
                    MacOptions.view(settings, commands),
                    limits.resources());
        }
        if (runtime != null && !(name.equals(RUNC) && RUNTIMES.contains(runtime))) {
            throw UserException.usage("--runtime " + runtime + ": containers are started by crun or runc");
        }
        return of(name, store.root(), fastSync, resources, Optional.ofNullable(runtime));
    }

    ResourceLimits resources() throws UserException {
        return limits.resources();
    }

    /** As it was given. */
    Optional<String> name() {
        return Optional.ofNullable(sandbox);
    }

    StepLimits stepLimits() throws UserException {
        return limits.steps();
    }

    /** The sandbox, to be asked only what ids depend on. */
    Sandbox forPlan() throws UserException, IOException {
        mac.refuseElsewhere();
        if (nameOr(defaultName()).equals(USER) && OperatingSystem.isMac()) {
            Commands commands = new SystemCommands();
            MacFacts facts = MacFacts.ask(commands);
            return MacSandbox.forPlan(commands, mac.settings(facts), facts);
        }
        return of(nameOr(defaultName()), Path.of("/nonexistent"), false, ResourceLimits.NONE);
    }

    private String nameOr(String byDefault) {
        return sandbox == null ? byDefault : sandbox;
    }

    /**
     * The sandbox of this name.
     *
     * @param store the store's directory, where it may keep what it needs; nothing is made there before a command runs
     * @param fastSync whether the calls of commands in containers to sync do nothing
     * @param limits of each command
     */
    static Sandbox of(String name, Path store, boolean fastSync, ResourceLimits limits)
            throws UserException, IOException {
        return of(name, store, fastSync, limits, Optional.empty());
    }

    private static Sandbox of(
            String name, Path store, boolean fastSync, ResourceLimits limits, Optional<String> runtime)
            throws UserException, IOException {
        Commands commands = new SystemCommands();
        if (name.equals(USER) && OperatingSystem.isMac()) {
            MacFacts facts = MacFacts.ask(commands);
            return MacSandbox.forPlan(commands, new MacOptions().settings(facts), facts);
        }
        Path state = store.resolve("state").resolve("processes");
        return switch (name) {
            case RUNC -> new RuncSandbox(commands, state, fastSync, limits, runtime);
            case USER ->
                new UserSandbox(commands, new LinuxAccounts(commands), UserSettings.LINUX, state, store, limits);
            default -> throw UserException.usage("--sandbox " + name + ": there are runc and user");
        };
    }
}
