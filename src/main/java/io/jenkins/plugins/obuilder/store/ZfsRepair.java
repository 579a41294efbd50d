package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.CommandTimeoutException;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what killed processes, and the reference, have left of results; needs few commands when there is nothing. */
final class ZfsRepair {
    private static final Logger LOG = LoggerFactory.getLogger(ZfsRepair.class);

    /** How names of results begin that were deleted: whoever comes by may destroy them. */
    static final String GONE = "gone-";

    private final ZfsCommands zfs;
    private final ZfsDatasets datasets;
    private final ZfsResults results;
    private final ZfsTrees trees;
    private final ZfsFiles files;
    private final ZfsNotes notes;
    private final List<String> done = new ArrayList<>();

    ZfsRepair(
            ZfsCommands zfs, ZfsDatasets datasets, ZfsResults results, ZfsTrees trees, ZfsFiles files, ZfsNotes notes) {
        this.zfs = zfs;
        this.datasets = datasets;
        this.results = results;
        this.trees = trees;
        this.files = files;
        this.notes = notes;
    }

    List<String> repair(Owner.Mortality dead) throws IOException {
        // The mounts first: what is being made then is noted by now.
        List<ZfsCommands.Mounted> mounted = zfs.mounted();
        Set<SnapshotId> alive = new HashSet<>();
        for (Map.Entry<String, SnapshotId> note : notes.all().entrySet()) {
            if (dead.isDead(note.getKey())) {
                attempt(datasets.result(note.getValue()), () -> settle(note.getKey(), note.getValue()));
            } else {
                alive.add(note.getValue());
            }
        }
        unmountIdle(mounted, alive);
        for (String name : trees.names(datasets.root().resolve(ZfsDatasets.RESULT_TMP))) {
            if (name.startsWith(GONE) || dead.isDead(name)) {
                attempt(datasets.temporaryResult(name), () -> removeResult(datasets.temporaryResult(name)));
            }
        }
        Path caches = datasets.root().resolve(ZfsDatasets.CACHE_TMP);
        for (String name : trees.names(caches)) {
            if (dead.isDead(name) && trees.exists(caches.resolve(name))) {
                attempt(datasets.at(caches.resolve(name)), () -> {
                    trees.remove(caches.resolve(name));
                    done.add(datasets.at(caches.resolve(name)));
                });
            }
        }
        return done;
    }

    @FunctionalInterface
    private interface Removal {
        void run() throws IOException;
    }

    /** No build need wait for what somebody keeps busy; the next one tries again. */
    private static void attempt(String what, Removal removal) throws IOException {
        try {
            removal.run();
        } catch (StoreException | HostException e) {
            if (e.getCause() instanceof CommandTimeoutException) {
                throw e;
            }
            LOG.warn("{} cannot be removed or unmounted now: {}", what, e.getMessage());
        }
    }

    /** What is still read, or built on, is left to the next one. */
    private void removeResult(String dataset) throws IOException {
        if (zfs.destroy(dataset)) {
            done.add(dataset);
        }
    }

    /** What there is to be removed or unmounted, without doing it. */
    List<String> look(Owner.Mortality dead) throws IOException {
        List<String> left = new ArrayList<>();
        List<ZfsCommands.Mounted> mounted = zfs.mounted();
        Set<SnapshotId> alive = new HashSet<>();
        for (Map.Entry<String, SnapshotId> note : notes.all().entrySet()) {
            Optional<ZfsResults.Result> result = results.find(note.getValue());
            if (!dead.isDead(note.getKey())) {
                alive.add(note.getValue());
            } else if (result.isPresent() && !result.get().finished()) {
                left.add(result.get().dataset());
            }
        }
        for (ZfsCommands.Mounted mount : mounted) {
            Optional<SnapshotId> id = datasets.resultOf(mount.dataset());
            if (id.isPresent() && !alive.contains(id.get())) {
                left.add("the mount of " + mount.dataset());
            }
        }
        for (String name : trees.names(datasets.root().resolve(ZfsDatasets.RESULT_TMP))) {
            if (name.startsWith(GONE) || dead.isDead(name)) {
                left.add(datasets.temporaryResult(name));
            }
        }
        Path caches = datasets.root().resolve(ZfsDatasets.CACHE_TMP);
        for (String name : trees.names(caches)) {
            if (dead.isDead(name)) {
                left.add(datasets.at(caches.resolve(name)));
            }
        }
        return left;
    }

    private void settle(String draft, SnapshotId id) throws IOException {
        Optional<ZfsResults.Result> result = results.find(id);
        boolean itsOwn =
                result.flatMap(ZfsResults.Result::files).filter(draft::equals).isPresent();
        if (itsOwn && !result.get().finished()) {
            zfs.destroy(result.get().dataset());
            done.add(result.get().dataset());
        }
        if (!itsOwn || !result.get().finished()) {
            files.remove(draft);
        }
        notes.remove(draft);
    }

    /** The deepest first. */
    private void unmountIdle(List<ZfsCommands.Mounted> mounted, Set<SnapshotId> alive) throws IOException {
        for (int i = mounted.size() - 1; i >= 0; i--) {
            String dataset = mounted.get(i).dataset();
            Optional<SnapshotId> id = datasets.resultOf(dataset);
            if (id.isPresent() && !alive.contains(id.get())) {
                attempt(dataset, () -> zfs.unmountUnlessUsed(dataset));
            }
        }
    }
}
