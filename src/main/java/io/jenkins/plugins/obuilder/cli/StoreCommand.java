package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.store.SharedStore;
import java.io.IOException;

/** A command on a store that is there: it is done by whoever can open that, this process or root's. */
@FunctionalInterface
interface StoreCommand {
    /** Does it, and returns the exit status. */
    int on(SharedStore store, Running running) throws UserException, IOException;
}
