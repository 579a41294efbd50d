package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.sandbox.RuncSandbox;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.store.Store;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names the sandbox. */
final class SandboxOption {
    static final String RUNC = "runc";
    static final String USER = "user";

    @Option(
            names = "--sandbox",
            paramLabel = "runc|user",
            description =
                    "What a step runs in: a container, or an account made for it (default: runc; on macOS, user).")
    private String sandbox;

    static String defaultName() {
        return System.getProperty("os.name").startsWith("Mac") ? USER : RUNC;
    }

    /**
     * The sandbox.
     *
     * @param byDefault its name when the option was not given
     * @param store where it keeps what it needs while commands run
     */
    Sandbox open(String byDefault, Store store) throws UserException {
        return of(nameOr(byDefault), store.root().resolve("state").resolve("sandbox"));
    }

    /** The sandbox, to be asked only what ids depend on. */
    Sandbox forPlan() throws UserException {
        return of(nameOr(defaultName()), Path.of("/nonexistent"));
    }

    private String nameOr(String byDefault) {
        return sandbox == null ? byDefault : sandbox;
    }

    /**
     * The sandbox of this name.
     *
     * @param state where it may keep what it needs; not made before a command runs
     */
    static Sandbox of(String name, Path state) throws UserException {
        return switch (name) {
            case RUNC -> new RuncSandbox(new SystemCommands(), state, false);
            default -> throw UserException.usage("--sandbox " + name + ": there are runc and user");
        };
    }
}
