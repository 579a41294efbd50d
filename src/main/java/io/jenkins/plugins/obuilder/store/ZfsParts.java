package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.DiskUse;
import io.jenkins.plugins.obuilder.host.FileStat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A result's root file system. On Linux that is a directory in its dataset. On macOS it consists of datasets of their own, since nothing
 * can be mounted at two places there: {@code home}, and {@code brew}, which appears as the home's directory {@code local}; each can be
 * mounted elsewhere for a while ({@link ZfsRelocation}). Other datasets in it, which only the reference's users can have made, are handed
 * on from result to result.
 */
final class ZfsParts {
    static final String HOME = "home";
    static final String BREW = "brew";
    static final String LOCAL = "local";

    /** What a new root file system on macOS consists of. */
    static final List<String> OF_MACOS = List.of(HOME, BREW);

    private static final String ROOTFS = "rootfs";
    private static final String NOWHERE = "mountpoint=none";

    private final ZfsCommands zfs;
    private final ZfsDatasets datasets;
    private final String dataset;
    private final List<String> names;

    /**
     * @param dataset the result, or a copy of one
     * @param names the datasets in it
     */
    ZfsParts(ZfsCommands zfs, ZfsDatasets datasets, String dataset, List<String> names) {
        this.zfs = zfs;
        this.datasets = datasets;
        this.dataset = dataset;
        this.names = new ArrayList<>(names);
        // A home is mounted before what lies in it.
        this.names.sort(Collections.reverseOrder());
    }

    Path rootfs() {
        return datasets.path(dataset).resolve(names.contains(HOME) ? HOME : ROOTFS);
    }

    /** Makes new, empty ones; the dataset itself is there and mounted. */
    void make() throws IOException {
        for (String name : names) {
            zfs.create(dataset + "/" + name, options(name));
        }
        try (Dir top = Dir.open(datasets.path(dataset))) {
            top.makeDir(ROOTFS, 0755).close();
        }
        mount();
    }

    /** Clones those of a finished result, and mounts them; the dataset itself is there and mounted. */
    void cloneFrom(String base) throws IOException {
        for (String name : names) {
            String snapshot = base + "/" + name + ZfsDatasets.SNAP;
            ZfsCommands.Cloned cloned = zfs.clone(snapshot, dataset + "/" + name, options(name));
            if (cloned != ZfsCommands.Cloned.YES) {
                throw new StoreException("cannot clone " + snapshot + ": " + cloned);
            }
        }
        mount();
    }

    /** Each of them may grow by this many bytes. */
    void limit(long bytes) throws IOException {
        limit(dataset, datasets.path(dataset), bytes);
        for (String name : names) {
            if (name.equals(HOME)) {
                limit(dataset + "/" + HOME, rootfs(), bytes);
            } else if (name.equals(BREW)) {
                limit(dataset + "/" + BREW, rootfs().resolve(LOCAL), bytes);
            }
        }
    }

    private void limit(String name, Path place, long bytes) throws IOException {
        zfs.set(name, "refquota", Long.toString(DiskUse.ofFileSystem(place) + bytes));
    }

    private List<String> options(String name) {
        return switch (name) {
            case HOME -> List.of(ZfsDatasets.NOT_MOUNTED);
            case BREW -> List.of(ZfsDatasets.NOT_MOUNTED, "mountpoint=" + rootfs().resolve(LOCAL));
            default -> List.of(ZfsDatasets.NOT_MOUNTED, NOWHERE);
        };
    }

    private void mount() throws IOException {
        for (String name : names) {
            if (name.equals(HOME)) {
                zfs.mount(dataset + "/" + HOME);
            } else if (name.equals(BREW)) {
                makeLocal(rootfs());
                zfs.mount(dataset + "/" + BREW);
            }
        }
    }

    /** A build owns its home, and zfs would follow a link that it has left there. Nobody works in it now. */
    static void makeLocal(Path home) throws IOException {
        try (Dir directory = Dir.open(home)) {
            Optional<FileStat> local = directory.stat(LOCAL);
            if (local.isPresent() && !local.get().isDirectory()) {
                directory.unlink(LOCAL);
            }
            if (local.isEmpty() || !local.get().isDirectory()) {
                FileStat owner = directory.stat();
                try (Dir made = directory.makeDir(LOCAL, 0755)) {
                    made.chown(owner.uid(), owner.gid());
                }
            }
        }
    }
}
