package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.boundary.AgentConf.Entry;
import io.jenkins.plugins.obuilder.boundary.AgentConf.Key;
import io.jenkins.plugins.obuilder.boundary.Request;
import io.jenkins.plugins.obuilder.store.SharedStore;
import java.io.IOException;

/**
 * A look at a store that root takes for a caller, or a pruning: what the caller asks for is compared with what is allowed, before anything
 * is opened. Looking is allowed to whoever may build there; saved logs may have secrets in them, and what is pruned is others'.
 */
record ServedLook(Allowed allowed, Request request) {
    /** Returns the exit status. */
    int run(Running running) throws UserException, IOException {
        StoreCommand command = CallersCommands.parse(request.command(), request.options());
        command.check();
        if (command instanceof LogCommand) {
            allowed.insist(Key.LOGS, "looking at saved logs, in which secrets may stand,");
        }
        if (command instanceof PruneCommand prune) {
            prune.within(allowed.pruning());
        }
        Entry store = allowed.store(request.store());
        ServedBuild.insistOnlyRoot(store, store.value().substring(store.value().indexOf(':') + 1));
        StoreOption.insistOn(store.value());
        if (request.store().isEmpty()) {
            running.err().println("obuilder: the store is " + store.value());
        }
        try (SharedStore opened = StoreOption.open(store.value())) {
            return command.on(opened, running);
        }
    }
}
