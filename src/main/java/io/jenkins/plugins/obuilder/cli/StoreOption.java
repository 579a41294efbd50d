package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.host.Umask;
import io.jenkins.plugins.obuilder.store.RsyncMode;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.StoreException;
import io.jenkins.plugins.obuilder.store.StoreSettings;
import io.jenkins.plugins.obuilder.store.Stores;
import io.jenkins.plugins.obuilder.store.UnfitPlaceException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names the store. */
final class StoreOption {
    private static final String DEFAULT_PLACE = "/var/lib/obuilder";
    private static final String DEFAULT_OVERLAY = "overlayfs:" + DEFAULT_PLACE + "/overlayfs";
    private static final String DEFAULT_RSYNC = "rsync:" + DEFAULT_PLACE + "/rsync";

    @Option(
            names = "--store",
            paramLabel = "STORE",
            description = "Where snapshots are kept: KIND:DIRECTORY, KIND being overlayfs, btrfs, xfs, apfs or rsync,"
                    + " or zfs:POOL (docs/stores.md; default: " + DEFAULT_PLACE + ", with overlayfs where it works).")
    private String store;

    @Option(
            names = "--rsync-mode",
            paramLabel = "MODE",
            description =
                    "Whether the snapshots of an rsync store share files: copy, hardlink or hardlink_unsafe; the store"
                            + " remembers it (default: copy).")
    private String rsyncMode;

    boolean given() {
        return store != null;
    }

    /** As it was given. */
    Optional<String> name() {
        return Optional.ofNullable(store);
    }

    /**
     * Opens it, making it when it is not there. Where none was named, says which it is. From then on this process has the usual umask:
     * what is made in a store does not hang on the caller's.
     */
    SharedStore open(Running running) throws IOException {
        Umask.makeUsual();
        SystemCommands commands = new SystemCommands();
        if (store != null) {
            return Stores.open(store, commands, settings());
        }
        String why;
        try {
            SharedStore overlay = Stores.open(DEFAULT_OVERLAY, commands);
            Optional<String> refused = overlay.whyUnsupported();
            if (refused.isEmpty()) {
                running.err().println("obuilder: the store is " + overlay.name());
                return overlay;
            }
            why = refused.get();
            overlay.close();
        } catch (UnfitPlaceException e) {
            why = e.why();
        }
        SharedStore rsync = Stores.open(DEFAULT_RSYNC, commands);
        running.err()
                .println("obuilder: the store is " + rsync.name() + ", since overlayfs does not work here: " + why);
        return rsync;
    }

    private StoreSettings settings() throws StoreException {
        return new StoreSettings(rsyncMode == null ? Optional.empty() : Optional.of(RsyncMode.of(rsyncMode)));
    }

    /** Opens the store of this name, making it when it is not there. */
    static SharedStore open(String name) throws IOException {
        Umask.makeUsual();
        return Stores.open(name, new SystemCommands());
    }

    /** A command that only looks at a store, or deletes from it, does not make it. */
    static void insistOn(String name) throws UserException, IOException {
        if (!Stores.exists(name, new SystemCommands())) {
            throw UserException.failed("there is no store " + name + " yet: the first build makes it");
        }
    }

    /** Opens one that is there already: to look at a store, or to delete from it, is no reason to make it. */
    SharedStore openExisting(Running running) throws UserException, IOException {
        if (store != null) {
            insistOn(store);
            return open(store);
        }
        for (String name : List.of(DEFAULT_OVERLAY, DEFAULT_RSYNC)) {
            if (Stores.exists(name, new SystemCommands())) {
                running.err().println("obuilder: the store is " + name);
                return open(name);
            }
        }
        throw UserException.failed(
                "there is no store in " + DEFAULT_PLACE + " yet: the first build makes it, or name another: --store");
    }
}
