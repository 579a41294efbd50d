package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is wrong with a store. Looking changes nothing; what builds that run are making just now is not wrong. */
@SuppressWarnings("try") // a lock is held, not used
public final class StoreFindings {
    private final Store store;
    private final Index index;
    private final FileLocks leases;

    StoreFindings(Store store, Index index, FileLocks leases) {
        this.store = store;
        this.index = index;
        this.leases = leases;
    }

    /** What can be wrong. */
    public enum Kind {
        ROW_WITHOUT_SNAPSHOT("the index has a row of a snapshot that is not there", true),
        SNAPSHOT_WITHOUT_ROW("the index has no row of a snapshot that is there", true),
        WRONG_COUNT("the index counts another number of snapshots built on this one than it has rows of", true),
        BROKEN_SNAPSHOT("a part of this snapshot is missing: it is of no use, nor is what was built on it", true),
        LEFT_OVER("a build that was killed has left this", true),
        PERMISSIONS("others than the store's owner may change or enter this", true),
        FOREIGN("this does not belong to the store; move it elsewhere", false);

        private final String meaning;
        private final boolean repairable;

        Kind(String meaning, boolean repairable) {
            this.meaning = meaning;
            this.repairable = repairable;
        }

        /** In words. */
        public String meaning() {
            return meaning;
        }

        /** Whether the store can mend it by itself; what is not its own it leaves alone. */
        public boolean isRepairable() {
            return repairable;
        }
    }

    /**
     * One thing that is wrong.
     *
     * @param what a snapshot's id, a path, or on zfs a dataset
     */
    public record Finding(Kind kind, String what) {}

    List<Finding> look() throws IOException {
        List<Finding> findings = new ArrayList<>(inIndex());
        findings.addAll(store.examine());
        OwnPlaces places = new OwnPlaces(store.root());
        places.unprotected().forEach(path -> findings.add(new Finding(Kind.PERMISSIONS, path.toString())));
        places.foreign().forEach(path -> findings.add(new Finding(Kind.FOREIGN, path.toString())));
        return findings;
    }

    private List<Finding> inIndex() throws IOException {
        List<Finding> findings = new ArrayList<>();
        List<Index.Row> rows = index.all();
        Set<SnapshotId> there = new HashSet<>(store.list());
        Map<SnapshotId, Integer> children = new HashMap<>();
        Set<SnapshotId> known = new HashSet<>();
        for (Index.Row row : rows) {
            known.add(row.id());
            row.parent().ifPresent(parent -> children.merge(parent, 1, Integer::sum));
        }
        for (Index.Row row : rows) {
            if (!there.contains(row.id()) && isOrphan(row.id())) {
                findings.add(new Finding(Kind.ROW_WITHOUT_SNAPSHOT, row.id().hex()));
            }
            if (row.children() != children.getOrDefault(row.id(), 0)) {
                findings.add(new Finding(Kind.WRONG_COUNT, row.id().hex()));
            }
        }
        for (SnapshotId id : there) {
            // The row comes before the snapshot: one that was made meanwhile has one by now.
            if (!known.contains(id) && index.row(id).isEmpty() && store.find(id).isPresent()) {
                findings.add(new Finding(Kind.SNAPSHOT_WITHOUT_ROW, id.hex()));
            }
        }
        return findings;
    }

    /** Whether no build is just finishing it, and nobody is just deleting it. */
    private boolean isOrphan(SnapshotId id) throws IOException {
        Optional<FileLocks.Held> lease = leases.tryLock(id.hex());
        if (lease.isEmpty()) {
            return false;
        }
        try (FileLocks.Held held = lease.get()) {
            return store.find(id).isEmpty() && index.row(id).isPresent();
        }
    }
}
