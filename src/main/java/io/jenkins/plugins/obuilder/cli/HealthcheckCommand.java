package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder healthcheck}. */
@Command(
        name = "healthcheck",
        description = "Checks that builds can work with this store and sandbox: runs something harmless in each.",
        mixinStandardHelpOptions = true)
final class HealthcheckCommand implements Callable<Integer> {
    @ParentCommand
    private ObuilderCommand parent;

    @Mixin
    private StoreOption storeOption;

    @Mixin
    private SandboxOption sandboxOption;

    @Override
    public Integer call() throws UserException, IOException {
        Running running = parent.running();
        if (OperatingSystem.isMac()) {
            insist("a system call", SystemCalls.problems());
        }
        try (Store store = storeOption.open(running);
                Sandbox sandbox = sandboxOption.open(SandboxOption.defaultName(), store)) {
            insist("the store " + store.name(), store.whyUnsupported());
            insist("the sandbox " + sandbox.kind(), sandbox.whyUnsupported());
            Console.println(running, "ok: " + store.name() + " with " + sandbox.description());
            return ExitCodes.OK;
        }
    }

    private static void insist(String what, Optional<String> whyNot) throws UserException {
        if (whyNot.isPresent()) {
            throw UserException.failed(what + " does not work here: " + whyNot.get());
        }
    }
}
