package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What every store promises of a snapshot that something keeps from being deleted: that it alone is left, and its turn comes again. */
@SuppressWarnings("try") // what keeps something busy is held, not used
abstract class BusyContract extends PruneContract {
    /** The store with little patience. */
    SharedStore hurried() throws IOException {
        return open(root);
    }

    /** Keeps a snapshot from being deleted, as an administrator may, until what is returned is closed. */
    Closeable keepBusy(SnapshotId id) throws Exception {
        Path precious = Files.createDirectory(place().resolve("precious" + System.nanoTime()));
        Files.writeString(precious.resolve("thesis.tex"), "");
        Path place = place(id);
        sh(root, "mount --bind '" + precious + "' '" + place + "'");
        return () -> {
            assertThat(precious.resolve("thesis.tex")).exists();
            sh(root, "umount '" + place + "'");
        };
    }

    /** What tells who keeps it. */
    String whoKeeps(SnapshotId id) {
        return "is mounted at " + place(id);
    }

    private Path place(SnapshotId id) {
        return root.resolve("result/" + id + "/rootfs/mnt" + id.hex().replaceFirst("^0+", ""));
    }

    private void leaf(int n, Integer base) throws Exception {
        build(n, base, rootfs -> {
            Files.createDirectory(rootfs.resolve("mnt" + n));
            Files.writeString(rootfs.resolve("file" + n), "x");
        });
        assertThat(store.index().touch(id(n), Optional.empty(), Instant.EPOCH.plusSeconds(n)))
                .isTrue();
    }

    private Pruning.Report prune(Pruning.Limits limits) throws IOException {
        return store.prune(limits, new Cancellation());
    }

    @Test
    void whatCannotBeDeletedNowIsLeftAndAllElseGoes() throws Exception {
        leaf(1, null);
        for (int n = 2; n <= 5; n++) {
            leaf(n, 1);
        }
        store.close();
        store = hurried();
        try (Closeable busy = keepBusy(id(2))) {
            Pruning.Report report = prune(new Pruning.Limits(Instant.MAX, 99, OptionalInt.of(4), OptionalLong.empty()));
            assertThat(report.ids()).containsExactly(id(3));
            assertThat(report.enough()).isTrue();
            assertBusy(report);
            // It is tried again, after those for which there is more hope.
            report = prune(new Pruning.Limits(Instant.MAX, 1, OptionalInt.empty(), OptionalLong.empty()));
            assertThat(report.ids()).containsExactly(id(4));
            assertThat(report.undeletable()).isEmpty();
            report = prune(Pruning.Limits.everything());
            assertThat(report.ids()).containsExactly(id(5));
            assertThat(report.left()).isEqualTo(2);
            assertBusy(report);
            assertThatThrownBy(() -> store.deleteAll(id(1), gone -> {}))
                    .isInstanceOf(UndeletableException.class)
                    .hasMessageContaining(whoKeeps(id(2)));
            assertThat(store.list()).containsExactlyInAnyOrder(id(1), id(2));
            assertThat(read(id(2), "file2")).isEqualTo("x");
            indexIsRight();
        }
        assertThat(prune(Pruning.Limits.everything()).ids()).containsExactly(id(2), id(1));
        assertThat(store.repair()).isEmpty();
        indexIsRight();
    }

    private void assertBusy(Pruning.Report report) {
        assertThat(report.undeletable()).singleElement().satisfies(one -> {
            assertThat(one.id()).isEqualTo(id(2));
            assertThat(one.gone()).isFalse();
            assertThat(one.why())
                    .startsWith("the snapshot " + id(2) + " cannot be deleted now: ")
                    .contains(whoKeeps(id(2)));
        });
    }
}
