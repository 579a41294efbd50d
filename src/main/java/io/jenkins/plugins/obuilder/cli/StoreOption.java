package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.host.Umask;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.Stores;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names the store. */
final class StoreOption {
    private static final String DEFAULT_PLACE = "/var/lib/obuilder";

    @Option(
            names = "--store",
            paramLabel = "STORE",
            description = "Where snapshots are kept: overlayfs:DIRECTORY or rsync:DIRECTORY (default: " + DEFAULT_PLACE
                    + ", with overlayfs where it works).")
    private String store;

    boolean given() {
        return store != null;
    }

    /**
     * Opens it, making it when it is not there. Where none was named, says which it is. From then on this process has the usual umask:
     * what is made in a store does not hang on the caller's.
     */
    SharedStore open(Running running) throws IOException {
        Umask.makeUsual();
        SystemCommands commands = new SystemCommands();
        if (store != null) {
            return Stores.open(store, commands);
        }
        SharedStore overlay = Stores.open("overlayfs:" + DEFAULT_PLACE + "/overlayfs", commands);
        Optional<String> why = overlay.whyUnsupported();
        if (why.isEmpty()) {
            running.err().println("obuilder: the store is " + overlay.name());
            return overlay;
        }
        overlay.close();
        SharedStore rsync = Stores.open("rsync:" + DEFAULT_PLACE + "/rsync", commands);
        running.err()
                .println("obuilder: the store is " + rsync.name() + ", since overlayfs does not work here: "
                        + why.get());
        return rsync;
    }
}
