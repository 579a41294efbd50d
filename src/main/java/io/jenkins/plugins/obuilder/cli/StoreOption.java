package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import picocli.CommandLine.Option;

/** The option that names the store. */
final class StoreOption {
    @Option(
            names = "--store",
            paramLabel = "STORE",
            description = "Where snapshots are kept: overlayfs:DIRECTORY or rsync:DIRECTORY (default: /var/lib/obuilder, with overlayfs"
                    + " where it works).")
    private String store;

    boolean given() {
        return store != null;
    }

    Store open(Running running) throws IOException, UserException {
        throw UserException.failed("no stores yet");
    }
}
