package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;

/** One pruning of a store. */
public final class Pruning {
    /** Deletions between two looks at the free space, where one look may cost as much as many deletions. */
    private static final int LARGEST_BATCH = 64;

    private final Store store;
    private final Deletion deletion;
    private final Limits limits;
    private final Map<SnapshotId, Index.Row> rows = new HashMap<>();
    private final Map<SnapshotId, Integer> children = new HashMap<>();
    private final PriorityQueue<Index.Row> leaves;
    private final List<SnapshotId> deleted = new ArrayList<>();
    private final List<Undeletable> undeletable = new ArrayList<>();
    private int inUse;
    private int batch;
    private boolean reclaimed = true;
    private Store.Space before;
    private Store.Space now;

    /**
     * What to delete, and when it is enough. With a number to keep or space to keep free, it is enough when both hold; without, when nothing
     * is left that may be deleted.
     *
     * @param before what was used at this time or later stays
     * @param atMost how many may be deleted
     * @param keepItems how many snapshots may be left
     * @param keepFree how many bytes of the file system are to be free
     */
    public record Limits(Instant before, int atMost, OptionalInt keepItems, OptionalLong keepFree) {
        /** Everything that no build uses. */
        public static Limits everything() {
            return new Limits(Instant.MAX, Integer.MAX_VALUE, OptionalInt.empty(), OptionalLong.empty());
        }
    }

    /**
     * What was done.
     *
     * @param ids what was deleted, in that order
     * @param undeletable what should have been deleted but could not be: the next pruning tries again
     * @param inUse how many would have been deleted, but a build uses them
     * @param left how many snapshots are left
     * @param before the file system's space at the beginning; others work there, too
     * @param reclaimed whether all the space of what was deleted is free again
     * @param enough whether the numbers that were to be kept hold now
     */
    public record Report(
            List<SnapshotId> ids,
            List<Undeletable> undeletable,
            int inUse,
            int left,
            Store.Space before,
            Store.Space after,
            boolean reclaimed,
            boolean enough) {
        /** How many were deleted. */
        public int deleted() {
            return ids.size();
        }
    }

    /**
     * A snapshot that something keeps from being deleted.
     *
     * @param gone whether it is deleted all the same, and only its space is not free
     * @param why names the snapshot and who keeps it
     */
    public record Undeletable(SnapshotId id, boolean gone, String why) {}

    /** Deletes one snapshot, if nobody has used it since its row was read. */
    @FunctionalInterface
    interface Deletion {
        Deletions.Outcome of(Index.Row row) throws IOException;
    }

    /**
     * @param rows all that there are
     * @param last which to try after all others, for they could not be deleted lately
     */
    Pruning(Store store, List<Index.Row> rows, Set<SnapshotId> last, Limits limits, Deletion deletion) {
        this.store = store;
        this.limits = limits;
        this.deletion = deletion;
        leaves = new PriorityQueue<>(Comparator.comparing((Index.Row row) -> last.contains(row.id()))
                .thenComparing(Index.Row::used)
                .thenComparing(row -> row.id().hex()));
        for (Index.Row row : rows) {
            this.rows.put(row.id(), row);
            row.parent().ifPresent(parent -> children.merge(parent, 1, Integer::sum));
        }
        rows.stream().filter(row -> !children.containsKey(row.id())).forEach(leaves::add);
    }

    Report run(Cancellation cancellation) throws IOException {
        before = store.space();
        now = before;
        while (!cancellation.isCancelled() && !leaves.isEmpty() && nextBatch()) {
            deleteBatch(cancellation);
            reclaimed = store.reclaim(cancellation);
            now = store.space();
        }
        return new Report(
                List.copyOf(deleted),
                List.copyOf(undeletable),
                inUse,
                rows.size(),
                before,
                now,
                reclaimed,
                surplus() <= 0 && missing() <= 0);
    }

    private int surplus() {
        return limits.keepItems().isPresent() ? rows.size() - limits.keepItems().getAsInt() : 0;
    }

    private long missing() {
        return limits.keepFree().isPresent() ? limits.keepFree().getAsLong() - now.free() : 0;
    }

    /** How many are surely too many, as far as can be told before looking again. */
    private boolean nextBatch() {
        boolean unbounded = limits.keepItems().isEmpty() && limits.keepFree().isEmpty();
        int wanted = unbounded ? Integer.MAX_VALUE : Math.max(surplus(), missing() > 0 ? forSpace() : 0);
        batch = Math.min(wanted, limits.atMost() - deleted.size());
        return batch > 0;
    }

    /** Half of what would do if those to come are as large as those that have gone. */
    private int forSpace() {
        long freed = now.free() - before.free();
        if (deleted.isEmpty()) {
            return 1;
        }
        double estimate = freed > 0 ? (double) missing() / freed * deleted.size() / 2 : 2.0 * batch;
        return (int) Math.max(1, Math.min(estimate, LARGEST_BATCH));
    }

    private void deleteBatch(Cancellation cancellation) throws IOException {
        int left = batch;
        while (left > 0 && !leaves.isEmpty() && !cancellation.isCancelled()) {
            Index.Row leaf = leaves.poll();
            if (leaf.used().isBefore(limits.before()) && isDeleted(leaf)) {
                deleted.add(leaf.id());
                left--;
            }
        }
    }

    /** What cannot be deleted now, such as what somebody has mounted, is no reason to keep all that was used later. */
    private boolean isDeleted(Index.Row leaf) throws IOException {
        Deletions.Outcome outcome;
        try {
            outcome = deletion.of(leaf);
        } catch (UndeletableException e) {
            undeletable.add(new Undeletable(leaf.id(), e.isGone(), e.getMessage()));
            if (e.isGone()) {
                gone(leaf);
            }
            return e.isGone();
        }
        switch (outcome) {
            case DELETED, ABSENT -> gone(leaf);
            case IN_USE -> inUse++;
            case WANTED -> {}
        }
        return outcome == Deletions.Outcome.DELETED;
    }

    private void gone(Index.Row leaf) {
        rows.remove(leaf.id());
        leaf.parent().ifPresent(parent -> {
            if (children.merge(parent, -1, Integer::sum) == 0 && rows.containsKey(parent)) {
                leaves.add(rows.get(parent));
            }
        });
    }
}
