package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every store promises of deletions. */
@SuppressWarnings("try") // a lock is held, not used
abstract class PruneContract extends StoreBench {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    /** How many builds each thread makes in the stress test. */
    int stress() {
        return Integer.getInteger("obuilder.stress", 40);
    }

    /** A snapshot that was last used that many days after a day long ago. */
    private SnapshotId used(int days, int n, Integer base) throws Exception {
        build(n, base, rootfs -> Files.writeString(rootfs.resolve("file" + n), "x"));
        assertThat(store.index().touch(id(n), Optional.empty(), day(days))).isTrue();
        return id(n);
    }

    private static Instant day(int days) {
        return LONG_AGO.plus(days, ChronoUnit.DAYS);
    }

    private Pruning.Report prune(Pruning.Limits limits) throws IOException {
        return store.prune(limits, new Cancellation());
    }

    private static Pruning.Limits atMost(int n) {
        return new Pruning.Limits(Instant.MAX, n, OptionalInt.empty(), OptionalLong.empty());
    }

    void indexIsRight() throws IOException {
        assertThat(store.index().all()).extracting(Index.Row::id).containsExactlyInAnyOrderElementsOf(store.list());
        assertThat(store.index().repairCounts()).as("wrong counts of children").isZero();
    }

    @Test
    void prunesTheLongestUnusedLeavesFirst() throws Exception {
        used(9, 1, null);
        used(3, 2, 1);
        used(1, 3, 1);
        used(2, 4, 3);
        used(5, 5, 1);
        Pruning.Report report = prune(atMost(3));
        assertThat(report.deleted()).isEqualTo(3);
        assertThat(report.left()).isEqualTo(2);
        assertThat(store.list()).as("4, then 3 that it was built on, then 2").containsExactlyInAnyOrder(id(1), id(5));
        assertThat(read(id(5), "file1")).isEqualTo("x");
        indexIsRight();
    }

    @Test
    void prunesAllThatIsNotUsed() throws Exception {
        used(1, 1, null);
        used(2, 2, 1);
        used(3, 3, 2);
        assertThat(prune(Pruning.Limits.everything()).deleted()).isEqualTo(3);
        assertThat(store.list()).isEmpty();
        assertThat(store.repair()).isEmpty();
        indexIsRight();
        used(1, 1, null);
        assertThat(store.list()).containsExactly(id(1));
    }

    @Test
    void keepsWhatWasUsedSince() throws Exception {
        used(1, 1, null);
        used(2, 2, 1);
        used(4, 3, 1);
        used(3, 4, 1);
        assertThat(prune(new Pruning.Limits(day(3), 9, OptionalInt.empty(), OptionalLong.empty()))
                        .deleted())
                .isEqualTo(1);
        assertThat(store.list()).containsExactlyInAnyOrder(id(1), id(3), id(4));
        indexIsRight();
    }

    @Test
    void keepsANumber() throws Exception {
        for (int n = 1; n <= 6; n++) {
            used(n, n, n == 1 ? null : Integer.valueOf(1));
        }
        Pruning.Limits limits = new Pruning.Limits(Instant.MAX, 99, OptionalInt.of(4), OptionalLong.empty());
        Pruning.Report report = prune(limits);
        assertThat(report.enough()).isTrue();
        assertThat(report.deleted()).isEqualTo(2);
        assertThat(store.list()).containsExactlyInAnyOrder(id(1), id(4), id(5), id(6));
        assertThat(prune(limits).deleted()).isZero();
    }

    @Test
    void keepsSpaceFreeAndMeasuresIt() throws Exception {
        store.close();
        root = smallPlace().resolve("store");
        store = open(root);
        byte[] megabytes = new byte[4 << 20];
        for (int n = 1; n <= 8; n++) {
            new Random(n).nextBytes(megabytes);
            build(n, null, rootfs -> Files.write(rootfs.resolve("large"), megabytes));
            store.index().touch(id(n), Optional.empty(), day(n));
        }
        sh(root, "sync -f .");
        Store.Space full = store.space();
        long wanted = full.free() + 9 * (1 << 20);
        Pruning.Report report =
                prune(new Pruning.Limits(Instant.MAX, 99, OptionalInt.empty(), OptionalLong.of(wanted)));
        assertThat(report.enough()).isTrue();
        assertThat(report.reclaimed()).isTrue();
        assertThat(report.after().free()).isGreaterThanOrEqualTo(wanted);
        assertThat(store.space().free()).isGreaterThanOrEqualTo(wanted);
        assertThat(report.deleted()).as("no more than it takes").isBetween(3, 4);
        assertThat(report.left()).isEqualTo(8 - report.deleted());
        Pruning.Report hopeless =
                prune(new Pruning.Limits(Instant.MAX, 99, OptionalInt.empty(), OptionalLong.of(full.total() * 2)));
        assertThat(hopeless.enough()).isFalse();
        assertThat(hopeless.left()).isZero();
    }

    @Test
    void prunesOnAFullDisk() throws Exception {
        store.close();
        Path place = smallPlace();
        root = place.resolve("store");
        store = open(root);
        for (int n = 1; n <= 3; n++) {
            build(n, n == 1 ? null : n - 1, rootfs -> Files.write(rootfs.resolve("file"), new byte[100_000]));
        }
        sh(
                place,
                "dd if=/dev/zero of=filler bs=64k 2>&1 | grep 'No space left'; dd if=/dev/zero of=filler2 bs=1 || true");
        assertThat(prune(Pruning.Limits.everything()).deleted()).isEqualTo(3);
        sh(place, "rm filler*");
        assertThat(store.snapshots()).isEmpty();
        indexIsRight();
    }

    @Test
    void neverPrunesWhatASessionHolds() throws Exception {
        used(1, 1, null);
        used(2, 2, 1);
        used(3, 3, 2);
        used(4, 4, 1);
        try (Store session = store.session()) {
            for (int n = 1; n <= 3; n++) {
                assertThat(session.find(id(n))).isPresent();
            }
            store.index().touch(id(3), Optional.empty(), day(1));
            assertThat(store.inUse()).containsExactly(id(3));
            Pruning.Report report = prune(Pruning.Limits.everything());
            assertThat(report.deleted()).isEqualTo(1);
            assertThat(report.inUse()).isEqualTo(1);
            assertThat(store.list()).containsExactlyInAnyOrder(id(1), id(2), id(3));
            assertThatThrownBy(() -> store.deleteAll(id(1), gone -> {}))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("a build uses " + id(3) + " just now; nothing was deleted");
            assertThat(read(id(3), "file1")).isEqualTo("x");
        }
        assertThat(store.inUse()).isEmpty();
        assertThat(prune(Pruning.Limits.everything()).deleted()).isEqualTo(3);
        indexIsRight();
    }

    @Test
    void aSessionHoldsWhatItMakes() throws Exception {
        try (Store session = store.session()) {
            try (Store.Draft draft = session.begin(id(1), Optional.empty())) {
                Files.writeString(draft.env(), "((env ()))");
                draft.commit();
            }
            try (Store.Draft draft = session.begin(id(2), Optional.of(id(1)))) {
                assertThat(prune(Pruning.Limits.everything()).deleted()).isZero();
                Files.writeString(draft.rootfs().resolve("file"), "two");
                draft.commit();
            }
            assertThat(prune(Pruning.Limits.everything()).deleted()).isZero();
            try (Store.View view = session.open(id(2))) {
                assertThat(view.rootfs().resolve("file")).exists();
            }
        }
        assertThat(prune(Pruning.Limits.everything()).deleted()).isEqualTo(2);
    }

    @Test
    void keepsTheBaseOfAnotherProcessWhileThatLives() throws Exception {
        used(1, 1, null);
        Process builder = StoreProcess.holdingADraft(name(root), id(2), id(1));
        try {
            Pruning.Report report = prune(Pruning.Limits.everything());
            assertThat(report.deleted()).isZero();
            assertThat(report.inUse()).isEqualTo(1);
            builder.destroyForcibly();
            assertThat(builder.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(prune(Pruning.Limits.everything()).deleted()).isEqualTo(1);
        } finally {
            builder.destroyForcibly();
        }
        store.repair();
        assertThat(root.resolve("state/leases")).isEmptyDirectory();
    }

    @Test
    void prunesResultsWithoutARowAfterWhatWasBuiltOnThem() throws Exception {
        used(1, 1, null);
        used(2, 2, 1);
        used(3, 3, 2);
        store.close();
        sh(root, "rm state/db/*");
        store = open(root);
        assertThat(store.snapshots()).extracting(Index.Row::id).containsExactlyInAnyOrder(id(1), id(2), id(3));
        assertThat(prune(atMost(1)).deleted()).isEqualTo(1);
        assertThat(store.list()).containsExactlyInAnyOrder(id(1), id(2));
        indexIsRight();
        assertThat(prune(Pruning.Limits.everything()).deleted()).isEqualTo(2);
    }

    @Test
    void knowsAncestorsWhoseRowsWereLostBeforeTheirOwnUse() throws Exception {
        used(1, 1, null);
        used(2, 2, 1);
        used(3, 3, 2);
        store.close();
        sh(root, "rm state/db/*");
        store = open(root);
        // Only the last is looked up: its parent's row is added without a parent of its own.
        assertThat(store.find(id(3))).isPresent();
        assertThat(prune(atMost(1)).deleted()).isEqualTo(1);
        assertThat(store.list()).containsExactlyInAnyOrder(id(1), id(2));
        indexIsRight();
    }

    @Test
    void rowsOfWhatIsGoneGo() throws Exception {
        used(1, 1, null);
        used(2, 2, 1);
        used(3, 3, 2);
        store.delete(id(3)).close();
        store.delete(id(2)).close();
        assertThat(store.snapshots()).extracting(Index.Row::id).containsExactly(id(1));
        assertThat(store.snapshots().get(0).children()).isZero();
        indexIsRight();
    }

    @Test
    void tellsWhereTheIndexDisagreesAndMendsIt() throws Exception {
        used(1, 1, null);
        used(2, 2, 1);
        used(3, 3, 1);
        assertThat(store.findings()).isEmpty();
        store.delete(id(3)).close();
        assertThat(store.findings())
                .containsExactly(new StoreFindings.Finding(StoreFindings.Kind.ROW_WITHOUT_SNAPSHOT, id(3).hex()));
        store.close();
        sh(root, "rm state/db/*");
        store = TestStores.open(name(root));
        assertThat(store.findings())
                .extracting(StoreFindings.Finding::kind)
                .containsExactly(StoreFindings.Kind.SNAPSHOT_WITHOUT_ROW, StoreFindings.Kind.SNAPSHOT_WITHOUT_ROW);
        store.snapshots();
        assertThat(store.findings()).isEmpty();
    }

    @Test
    void repairRemovesTheRowOfACommitThatWasKilled() throws Exception {
        used(1, 1, null);
        store.index().add(id(2), Optional.of(id(1)), day(2));
        Files.createFile(root.resolve("state/leases/" + id(2)));
        store.repair();
        indexIsRight();
    }

    @Test
    void aDeletedSnapshotIsGoneEvenWhenItsSpaceIsNotFreedYet() throws Exception {
        used(1, 1, null);
        store.delete(id(1)); // and then the process is killed
        assertThat(store.find(id(1))).isEmpty();
        used(1, 1, null);
        assertThat(read(id(1), "file1")).isEqualTo("x");
    }

    @Test
    void stopsWhenCancelled() throws Exception {
        used(1, 1, null);
        Cancellation cancellation = new Cancellation();
        cancellation.cancel("enough");
        assertThat(store.prune(Pruning.Limits.everything(), cancellation).deleted())
                .isZero();
    }

    @Test
    void waitsForWhoeverPrunes() throws Exception {
        used(1, 1, null);
        FileLocks locks = new FileLocks(root.resolve("state/locks"));
        Cancellation cancellation = new Cancellation();
        CompletableFuture<Pruning.Report> waiting;
        try (FileLocks.Held neighbour = locks.lock("pruning", cancellation)) {
            assertThat(store.pruneUnlessPruning(Pruning.Limits.everything(), cancellation))
                    .isEmpty();
            Cancellation cancelled = new Cancellation();
            cancelled.cancel("enough");
            assertThat(store.prune(Pruning.Limits.everything(), cancelled).deleted())
                    .isZero();
            waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return prune(Pruning.Limits.everything());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(store.list()).hasSize(1);
        }
        assertThat(waiting.get(1, TimeUnit.MINUTES).deleted()).isEqualTo(1);
    }

    /** Puts the store under stress in two processes at once, or, where its file system bears no more, in one after the other. */
    void stressed() throws Exception {
        List<Process> processes = List.of(
                StoreStress.start(name(root), 1, stress(), false), StoreStress.start(name(root), 2, stress(), false));
        try {
            for (Process process : processes) {
                succeeds(process);
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    static void succeeds(Process process) throws InterruptedException {
        try {
            assertThat(process.waitFor(30, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void survivesBuildsAndDeletionsInTwoProcesses() throws Exception {
        stressed();
        store.snapshots();
        indexIsRight();
        assertThat(store.inUse()).isEmpty();
        assertThat(store.repair()).isEmpty();
        for (SnapshotId id : store.list()) {
            StoreStress.verify(store, id);
        }
        try (var leases = Files.list(root.resolve("state/leases"))) {
            assertThat(leases.map(Path::getFileName)).isEmpty();
        }
    }
}
