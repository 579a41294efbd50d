package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.BuildException;
import io.jenkins.plugins.obuilder.engine.MissingSecretException;
import io.jenkins.plugins.obuilder.engine.Planner;
import io.jenkins.plugins.obuilder.image.DigestMemory;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.SpecException;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder plan}. */
@Command(
        name = "plan",
        description =
                "Prints the snapshot id of every step of a spec, a line a step. Runs, unpacks and writes nothing, and needs no root."
                        + " With --store, says what is cached there.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
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

    @Override
    public Integer call() throws UserException, SpecException, IOException {
        settings.check(Optional.empty());
        if (!storeOption.given()) {
            plan(Optional.empty());
            return ExitCodes.OK;
        }
        try (Store store = storeOption.open(parent.running())) {
            plan(Optional.of(store));
        }
        return ExitCodes.OK;
    }

    private void plan(Optional<Store> store) throws UserException, SpecException, IOException {
        Running running = parent.running();
        try (Sandbox sandbox = sandboxOption.forPlan()) {
            Planner planner = Planner.of(imageOptions.images(DigestMemory.none(), parent.running()), sandbox, store);
            planner.plan(
                    settings.read(store),
                    step -> Console.println(running, settings.json() ? step.toJson() : step.toText()));
        } catch (MissingSecretException e) {
            throw SecretOptions.missing(e, false);
        } catch (BuildException e) {
            throw UserException.failed(e.getMessage());
        }
    }
}
