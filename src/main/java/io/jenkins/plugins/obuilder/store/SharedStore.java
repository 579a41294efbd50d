package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store with its index and its locks: what several builds, in several processes, share. */
@SuppressWarnings("try") // a lock is held, not used
public final class SharedStore extends ForwardingStore {
    private static final Logger LOG = LoggerFactory.getLogger(SharedStore.class);
    private static final String PRUNING = "pruning";

    private final Index index;
    private final BuildLocks locks;
    private final FileLocks leases;
    private final Deletions deletions;
    private final FileLocks pruning;
    private final Reserve reserve;
    private final Reserve reserveOfBuilds;

    /** What could not be deleted: trying may take a while, so that goes first for which there is more hope. */
    private final Set<SnapshotId> stuck = ConcurrentHashMap.newKeySet();

    SharedStore(Store store) throws IOException {
        super(store);
        SqliteLibrary.provide(store.root().resolve("state/lib"));
        index = new Index(store.root().resolve("state/db/db.sqlite"));
        locks = new BuildLocks(store.root().resolve("state/locks"));
        Path directory = Files.createDirectories(store.root().resolve("state/leases"));
        leases = new FileLocks(directory);
        pruning = new FileLocks(store.root().resolve("state/locks"));
        deletions = new Deletions(store, index, directory, leases);
        reserve = new Reserve(store.root(), "deletions");
        reserve.keep();
        reserveOfBuilds = new Reserve(store.root(), "builds");
        reserveOfBuilds.keep();
    }

    /** One build per id: to be held from before the last look whether a snapshot is there to after the commit. */
    public BuildLocks locks() {
        return locks;
    }

    public Index index() {
        return index;
    }

    /**
     * The store for one build: what that finds, builds on or makes is deleted by nobody until the session is closed. Closing it leaves
     * this store open.
     */
    public Store session() {
        return new StoreSession(this, leases, reserveOfBuilds);
    }

    /** As in the store; notes that it was used. */
    @Override
    public Optional<Snapshot> find(SnapshotId id) throws IOException {
        Optional<Snapshot> found = store.find(id);
        if (found.isPresent()) {
            noteUse(found.get());
        }
        return found;
    }

    /** A full disk is no reason to do without a snapshot that is there. */
    private void noteUse(Snapshot snapshot) throws StoreException {
        try {
            if (!index.touch(snapshot.id(), snapshot.parent(), Instant.now())) {
                index.add(snapshot.id(), snapshot.parent(), Instant.now());
            }
        } catch (StoreException e) {
            if (!FullDisk.isCauseOf(e)) {
                throw e;
            }
            LOG.debug("the use of {} is not noted", snapshot.id(), e);
        }
    }

    /** As in the store; the commit is noted in the index. */
    @Override
    public Draft begin(SnapshotId id, Optional<SnapshotId> base) throws IOException {
        return new ForwardingDraft(store.begin(id, base)) {
            @Override
            public void commit() throws IOException {
                // The row first: whatever is there then has a row that counts on its parent, so that nobody takes that
                // for a leaf.
                index.add(id, base, Instant.now());
                try {
                    draft.commit();
                } catch (IOException e) {
                    removeRow(id, e);
                    throw e;
                }
            }
        };
    }

    private void removeRow(SnapshotId id, IOException failure) {
        try {
            index.removeLeaf(id);
        } catch (StoreException e) {
            failure.addSuppressed(e);
        }
    }

    /** All snapshots that are there, the longest unused first. */
    public List<Index.Row> snapshots() throws IOException {
        return deletions.complete();
    }

    /** What is wrong with it. */
    public List<StoreFindings.Finding> findings() throws IOException {
        return new StoreFindings(store, index, leases).look();
    }

    /**
     * Mends of that what can be mended, and more than {@link #repair}: the index, permissions, snapshots that are of no use, which go.
     *
     * @return what was removed
     */
    public Collection<String> mend() throws IOException {
        new OwnPlaces(store.root()).protect();
        List<String> removed = new ArrayList<>(repair());
        deletions.complete();
        for (StoreFindings.Finding finding : findings()) {
            if (finding.kind() == StoreFindings.Kind.BROKEN_SNAPSHOT) {
                SnapshotId id = new SnapshotId(finding.what());
                // It may have gone with one that it was built on.
                if (store.find(id).isPresent()) {
                    removed.addAll(mendBroken(id));
                }
            }
        }
        // Rows of what such snapshots were built on can go only now.
        deletions.complete();
        return removed;
    }

    /** What cannot go now is still a finding afterwards. */
    private List<String> mendBroken(SnapshotId id) throws IOException {
        List<String> removed = new ArrayList<>();
        try {
            deleteAll(id, gone -> removed.add("the snapshot " + gone));
        } catch (StoreException e) {
            LOG.warn("the broken snapshot {} stays: {}", id, e.getMessage());
        }
        return removed;
    }

    /** Those that builds hold at this moment, in this process or another. */
    public Set<SnapshotId> inUse() throws IOException {
        return deletions.inUse();
    }

    /**
     * Deletes a snapshot and all that was built on it.
     *
     * @param deleted told of each when it is gone
     * @throws StoreException when there is none of that id, or a build uses it or something that was built on it: then nothing was deleted,
     *     unless that build began only meanwhile
     */
    public void deleteAll(SnapshotId id, Consumer<SnapshotId> deleted) throws IOException {
        reserve.releaseIfFull();
        deletions.deleteAll(id, deleted);
        reserve.keep();
    }

    /**
     * Deletes the longest unused snapshots on which nothing is built, and then those that they were built on, within these limits. What a
     * build uses stays, and what something else keeps from being deleted now. Waits for whoever is pruning this store already: both would take what only one need take.
     */
    public Pruning.Report prune(Pruning.Limits limits, Cancellation cancellation) throws IOException {
        reserve.releaseIfFull();
        Optional<FileLocks.Held> lock = pruning.lockUnlessCancelled(PRUNING, cancellation);
        try (Closeable held = lock.isPresent() ? lock.get() : () -> {}) {
            return pruneAlone(limits, cancellation); // which deletes nothing when it is cancelled
        }
    }

    /** What {@link #prune} would delete now, without deleting it. What space that would free cannot be told. */
    public Pruning.Report wouldPrune(Pruning.Limits limits) throws IOException {
        Set<SnapshotId> used = deletions.inUse();
        return new Pruning(
                        store,
                        deletions.complete(),
                        Set.copyOf(stuck),
                        limits,
                        row -> used.contains(row.id()) ? Deletions.Outcome.IN_USE : Deletions.Outcome.DELETED)
                .run(new Cancellation());
    }

    /** The same; does nothing, and is empty, when somebody is pruning this store already, in this process or another. */
    public Optional<Pruning.Report> pruneUnlessPruning(Pruning.Limits limits, Cancellation cancellation)
            throws IOException {
        reserve.releaseIfFull();
        Optional<FileLocks.Held> lock = pruning.tryLock(PRUNING);
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try (FileLocks.Held held = lock.get()) {
            return Optional.of(pruneAlone(limits, cancellation));
        }
    }

    private Pruning.Report pruneAlone(Pruning.Limits limits, Cancellation cancellation) throws IOException {
        deletions.freeTheRest();
        Pruning.Report report = new Pruning(
                        store,
                        deletions.complete(),
                        Set.copyOf(stuck),
                        limits,
                        row -> deletions.delete(row.id(), now -> !now.used().isAfter(row.used())))
                .run(cancellation);
        report.undeletable().forEach(one -> stuck.add(one.id()));
        reserve.keep();
        return report;
    }

    @Override
    public Collection<String> repair() throws IOException {
        locks.sweep();
        deletions.inUse();
        return store.repair();
    }

    @Override
    public void close() throws IOException {
        try (index) {
            store.close();
        }
    }
}
