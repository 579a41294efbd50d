package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes snapshots out of a store and its index: only leaves, and none that a build holds. */
@SuppressWarnings("try") // a lock is held, not used
final class Deletions {
    private static final Logger LOG = LoggerFactory.getLogger(Deletions.class);

    private final Store store;
    private final Index index;
    private final Path leaseDirectory;
    private final FileLocks leases;
    private final Set<Closeable> unfreed = new LinkedHashSet<>();

    Deletions(Store store, Index index, Path leaseDirectory, FileLocks leases) {
        this.store = store;
        this.index = index;
        this.leaseDirectory = leaseDirectory;
        this.leases = leases;
    }

    /** What became of an attempt to delete a snapshot. */
    enum Outcome {
        DELETED,
        /** It was gone already; its row went now. */
        ABSENT,
        /** A build holds it. */
        IN_USE,
        /** Since it was chosen something was built on it, or it was used. */
        WANTED
    }

    /**
     * Deletes one snapshot, if nothing was built on it and no build holds it.
     *
     * @param unwanted asked with its row when no build can take hold of it any more
     * @throws UndeletableException when this one cannot be deleted now, or is, but its space cannot be freed: {@link #freeTheRest} tries again
     */
    Outcome delete(SnapshotId id, Predicate<Index.Row> unwanted) throws IOException {
        Closeable removal;
        boolean rowIsGone;
        Optional<FileLocks.Held> lease = leases.tryLock(id.hex());
        if (lease.isEmpty()) {
            return Outcome.IN_USE;
        }
        try (FileLocks.Held held = lease.get()) {
            if (store.find(id).isEmpty()) {
                return removeRow(id) ? Outcome.ABSENT : Outcome.WANTED;
            }
            Optional<Index.Row> row = index.row(id);
            if (row.isPresent() && (isBase(row.get()) || !unwanted.test(row.get()))) {
                return Outcome.WANTED;
            }
            removal = takeAway(id);
            rowIsGone = removeRow(id);
        }
        // Whoever wants it again need not wait until its space is free.
        free(id, removal);
        if (!rowIsGone) {
            delete(id, row -> false);
        }
        return Outcome.DELETED;
    }

    private Closeable takeAway(SnapshotId id) throws IOException {
        try {
            return store.delete(id);
        } catch (IOException e) {
            throw UndeletableException.there(id, e);
        }
    }

    private void free(SnapshotId id, Closeable removal) throws IOException {
        try {
            removal.close();
        } catch (IOException e) {
            synchronized (unfreed) {
                unfreed.add(removal);
            }
            throw UndeletableException.gone(id, e);
        }
    }

    /** Tries again to free the space of what was deleted by this; what cannot be freed now either is left to the next time. */
    void freeTheRest() {
        List<Closeable> again;
        synchronized (unfreed) {
            again = List.copyOf(unfreed);
        }
        for (Closeable removal : again) {
            try {
                removal.close();
                synchronized (unfreed) {
                    unfreed.remove(removal);
                }
            } catch (IOException e) {
                LOG.warn("the space of a deleted snapshot cannot be freed yet: {}", e.getMessage());
            }
        }
    }

    /** Whether something is there that was built on it; rows of what was deleted stay as long as the disk is full. */
    private boolean isBase(Index.Row row) throws IOException {
        if (row.children() == 0) {
            return false;
        }
        for (SnapshotId child : index.children(row.id())) {
            if (store.find(child).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** False when there is none, or the disk is so full that the index cannot be written. */
    private boolean removeRow(SnapshotId id) throws StoreException {
        try {
            return index.removeLeaf(id);
        } catch (StoreException e) {
            if (!FullDisk.isCauseOf(e)) {
                throw e;
            }
            return false;
        }
    }

    /** Deletes a snapshot after all that was built on it. */
    void deleteAll(SnapshotId id, Consumer<SnapshotId> deleted) throws IOException {
        List<SnapshotId> doomed = withDescendants(id);
        for (SnapshotId one : doomed) {
            if (isInUse(one)) {
                throw new StoreException("cannot delete " + id + ": a build uses " + (one.equals(id) ? "it" : one)
                        + " just now; nothing was deleted; try again when that has ended");
            }
        }
        for (int i = doomed.size() - 1; i >= 0; i--) {
            SnapshotId one = doomed.get(i);
            Outcome outcome = delete(one, row -> true);
            if (outcome == Outcome.DELETED) {
                deleted.accept(one);
            } else if (outcome != Outcome.ABSENT) {
                throw new StoreException("cannot delete " + id + ": a build that began meanwhile uses "
                        + (one.equals(id) ? "it" : one) + "; try again when that has ended");
            }
        }
    }

    /** Each before what was built on it. */
    private List<SnapshotId> withDescendants(SnapshotId id) throws IOException {
        Map<SnapshotId, List<SnapshotId>> children = new HashMap<>();
        boolean there = false;
        for (Index.Row row : complete()) {
            there |= row.id().equals(id);
            if (row.parent().isPresent()) {
                children.computeIfAbsent(row.parent().get(), parent -> new ArrayList<>())
                        .add(row.id());
            }
        }
        if (!there) {
            throw new StoreException("there is no snapshot " + id + " in " + store.name());
        }
        List<SnapshotId> all = new ArrayList<>(List.of(id));
        for (int i = 0; i < all.size(); i++) {
            all.addAll(children.getOrDefault(all.get(i), List.of()));
        }
        return all;
    }

    /** Which snapshots builds hold at this moment. Of builds that were killed, removes the leases, and rows of what they did not finish. */
    Set<SnapshotId> inUse() throws IOException {
        Set<SnapshotId> held = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(leaseDirectory)) {
            for (Path file : files) {
                SnapshotId id = new SnapshotId(file.getFileName().toString());
                if (delete(id, row -> false) == Outcome.IN_USE) {
                    held.add(id);
                }
            }
        }
        return held;
    }

    private boolean isInUse(SnapshotId id) throws IOException {
        return delete(id, row -> false) == Outcome.IN_USE;
    }

    /**
     * Makes the index tell what is there: adds rows and parents that are missing, removes rows of what is gone, counts children again.
     *
     * @return the rows of all snapshots that are there, the longest unused first
     */
    List<Index.Row> complete() throws IOException {
        Map<SnapshotId, Index.Row> rows = rows();
        Collection<SnapshotId> there = store.list();
        boolean changed = false;
        for (SnapshotId id : there) {
            Index.Row row = rows.get(id);
            if (row == null || row.parent().isEmpty()) {
                changed |= complete(id, row);
            }
        }
        changed |= index.repairCounts() > 0;
        Set<SnapshotId> gone = new HashSet<>(rows.keySet());
        there.forEach(gone::remove);
        for (SnapshotId id : gone) {
            for (Optional<SnapshotId> at = Optional.of(id); at.isPresent() && isAbsentLeaf(at.get()); ) {
                Optional<SnapshotId> parent = rows.get(at.get()).parent();
                changed |= delete(at.get(), row -> false) == Outcome.ABSENT;
                at = parent.filter(gone::contains);
            }
        }
        Set<SnapshotId> present = new HashSet<>(there);
        return (changed ? rows() : rows)
                .values().stream().filter(row -> present.contains(row.id())).toList();
    }

    private boolean isAbsentLeaf(SnapshotId id) throws IOException {
        return index.row(id).filter(row -> row.children() == 0).isPresent();
    }

    private boolean complete(SnapshotId id, Index.Row row) throws IOException {
        Optional<Store.Snapshot> found = store.find(id);
        if (found.isEmpty() || row != null && found.get().parent().isEmpty()) {
            return false;
        }
        index.add(id, found.get().parent(), row == null ? made(found.get()) : row.used());
        return true;
    }

    /** When it was made, as far as its files tell: whatever is older than a use that nobody noted. */
    private static Instant made(Store.Snapshot snapshot) throws IOException {
        for (Path file : List.of(snapshot.log(), snapshot.env())) {
            if (Files.exists(file)) {
                return Files.getLastModifiedTime(file).toInstant();
            }
        }
        return Instant.EPOCH;
    }

    private Map<SnapshotId, Index.Row> rows() throws IOException {
        Map<SnapshotId, Index.Row> rows = new LinkedHashMap<>();
        index.all().forEach(row -> rows.put(row.id(), row));
        return rows;
    }
}
