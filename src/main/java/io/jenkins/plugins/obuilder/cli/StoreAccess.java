package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.boundary.Request;
import io.jenkins.plugins.obuilder.boundary.RootProcess;
import io.jenkins.plugins.obuilder.store.SharedStore;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** How a command comes by a store that is there: root and whoever has none of root's open it, others have the installed root side do so. */
final class StoreAccess {
    @Mixin
    private StoreOption storeOption;

    @Mixin
    private RootAccess rootAccess;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    StoreOption option() {
        return storeOption;
    }

    RootAccess root() {
        return rootAccess;
    }

    /** Whether the root side is to open it. */
    boolean isThroughRoot() {
        return !rootAccess.isDirect() && rootAccess.isInstalled();
    }

    /** Has it done. @return the exit status */
    int run(StoreCommand what, Running running) throws UserException, IOException {
        what.check();
        if (isThroughRoot()) {
            return throughRoot(running);
        }
        try (SharedStore store = storeOption.openExisting(running)) {
            return what.on(store, running);
        }
    }

    private int throughRoot(Running running) throws UserException, IOException {
        Request request = Request.of(
                command.name(),
                CallersCommands.arguments(command.commandLine().getParseResult()),
                storeOption.name(),
                running.terminal());
        try (RootProcess root = rootAccess.start("the root side has the stores")) {
            return CallerTalk.through(root, request, running, CallerTalk.NO_FILES)
                    .exitStatus();
        }
    }
}
