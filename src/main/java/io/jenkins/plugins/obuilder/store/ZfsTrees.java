package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.Pause;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Trees that are datasets, mounted while somebody works in them. A finished one has a snapshot, from which copies are cloned. The newest
 * version takes the older ones' snapshots over, so that those can be destroyed one by one.
 */
final class ZfsTrees implements Trees {
    private static final Duration RECLAIM_LIMIT = Duration.ofSeconds(60);
    private static final long RECLAIM_PAUSE_MS = 250;

    private final ZfsCommands zfs;
    private final ZfsDatasets datasets;
    private final Owner owner;

    ZfsTrees(ZfsCommands zfs, ZfsDatasets datasets, Owner owner) {
        this.zfs = zfs;
        this.datasets = datasets;
        this.owner = owner;
    }

    @Override
    public void make(Path tree) throws IOException {
        String dataset = datasets.at(tree);
        zfs.create(dataset, List.of(ZfsDatasets.NOT_MOUNTED));
        zfs.mount(dataset);
        try (Dir directory = Dir.open(tree)) {
            directory.chmod(0755);
        }
    }

    @Override
    public void copy(Path tree, Path copy, String what) throws IOException {
        String snapshot = datasets.at(tree) + ZfsDatasets.SNAP;
        String clone = datasets.at(copy);
        ZfsCommands.Cloned cloned = zfs.clone(snapshot, clone, List.of(ZfsDatasets.NOT_MOUNTED));
        if (cloned == ZfsCommands.Cloned.NO_SNAPSHOT) {
            // Whoever made it was killed just before.
            zfs.snapshot(snapshot);
            cloned = zfs.clone(snapshot, clone, List.of(ZfsDatasets.NOT_MOUNTED));
        }
        if (cloned != ZfsCommands.Cloned.YES) {
            throw new StoreException("cannot copy " + what + " to " + clone + ": " + cloned);
        }
        zfs.mount(clone);
    }

    @Override
    public boolean exists(Path place) throws IOException {
        return zfs.list(datasets.at(place), "filesystem", 0, "name").isPresent();
    }

    @Override
    public List<String> names(Path directory) throws IOException {
        String group = datasets.at(directory);
        List<String> names = new ArrayList<>();
        for (List<String> row : zfs.list(group, "filesystem", 1, "name").orElse(List.of())) {
            if (row.get(0).startsWith(group + "/")) {
                names.add(row.get(0).substring(group.length() + 1));
            }
        }
        return names;
    }

    @Override
    public void place(Path tree, Path place) throws IOException {
        String dataset = datasets.at(tree);
        // From now on the older version, and whatever else was cloned from that, are clones of this one.
        zfs.promote(dataset);
        Optional<List<List<String>>> older = zfs.list(dataset + ZfsDatasets.SNAP, "snapshot", 0, "name");
        if (older.isPresent()) {
            String archived = dataset + "@old-" + owner.newName();
            zfs.rename(dataset + ZfsDatasets.SNAP, archived);
            zfs.destroyDeferred(archived);
        }
        zfs.snapshot(dataset + ZfsDatasets.SNAP);
        zfs.unmount(dataset);
        zfs.rename(dataset, datasets.at(place));
    }

    @Override
    public Closeable takeAway(Path place, Path temporary) throws IOException {
        zfs.unmount(datasets.at(place));
        zfs.rename(datasets.at(place), datasets.at(temporary));
        return () -> remove(temporary);
    }

    @Override
    public void remove(Path temporary) throws IOException {
        zfs.destroyBelowClones(datasets.at(temporary));
    }

    @Override
    public boolean reclaim(Cancellation cancellation) throws IOException {
        long deadline = System.nanoTime() + RECLAIM_LIMIT.toNanos();
        while (zfs.beingFreed(datasets.pool()) > 0) {
            if (System.nanoTime() > deadline || cancellation.isCancelled()) {
                return false;
            }
            Pause.millis(RECLAIM_PAUSE_MS, "the space of what was deleted is freed");
        }
        return true;
    }
}
