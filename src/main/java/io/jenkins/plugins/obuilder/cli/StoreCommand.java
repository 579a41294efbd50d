package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.store.SharedStore;
import java.io.IOException;

/** A command on a store that is there: it is done by whoever can open that, this process or root's. */
@FunctionalInterface
interface StoreCommand {
    /** Looks at its command line, before anything is opened. */
    default void check() throws UserException {}

    /** Does it, and returns the exit status. */
    int on(SharedStore store, Running running) throws UserException, IOException;
}
