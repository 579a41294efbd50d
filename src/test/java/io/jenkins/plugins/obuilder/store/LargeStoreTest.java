package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A store of 10,000 snapshots: what finding one and deleting many takes is printed. */
@Tag("long")
@Needs({Need.PRIVATE_ROOT, Need.BTRFS, Need.OVERLAYFS, Need.LOOP_DEVICES})
@SuppressWarnings("try") // the disk is held, not used
class LargeStoreTest {
    private static final int SNAPSHOTS = 10_000;
    private static final int CHAIN = 10;
    private static final int LOOKS = 1000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"overlayfs, mkfs.ext4 -q -N 400000", "btrfs, mkfs.btrfs -q"})
    void findsAndPrunesInALargeStore(String kind, String mkfs) throws IOException {
        try (LoopDisk disk =
                LoopDisk.mount(directory.resolve("image"), 8192, directory.resolve("disk"), mkfs.split(" "))) {
            Path root = directory.resolve("disk/store");
            try (SharedStore store = Stores.open(kind + ":" + root, new SystemCommands())) {
                long start = System.nanoTime();
                for (int n = 0; n < SNAPSHOTS; n++) {
                    build(store, n);
                }
                print(kind, "making one of " + SNAPSHOTS, start, SNAPSHOTS);
            }
            try (SharedStore store = Stores.open(kind + ":" + root, new SystemCommands())) {
                long start = System.nanoTime();
                for (int n = 0; n < LOOKS; n++) {
                    assertThat(store.find(id(n * 7919 % SNAPSHOTS))).isPresent();
                }
                print(kind, "finding one", start, LOOKS);
                prune(store, kind, 500);
                prune(store, kind, 1000);
                prune(store, kind, 2000);
                assertThat(store.list()).hasSize(SNAPSHOTS - 3500);
            }
        }
    }

    private static void prune(SharedStore store, String kind, int leaves) throws IOException {
        long start = System.nanoTime();
        Pruning.Report report = store.prune(
                new Pruning.Limits(Instant.MAX, leaves, OptionalInt.empty(), OptionalLong.empty()), new Cancellation());
        assertThat(report.deleted()).isEqualTo(leaves);
        print(kind, "pruning " + leaves + ", each", start, leaves);
    }

    private static void print(String kind, String what, long start, int times) {
        System.out.printf("%s: %s: %.3f ms%n", kind, what, (System.nanoTime() - start) / 1e6 / times);
    }

    private static void build(SharedStore store, int n) throws IOException {
        Optional<SnapshotId> base = n % CHAIN == 0 ? Optional.empty() : Optional.of(id(n - 1));
        try (Store.Draft draft = store.begin(id(n), base)) {
            Files.writeString(draft.rootfs().resolve("file" + n), "contents");
            Files.writeString(draft.log(), "log");
            draft.commit();
        }
    }

    private static SnapshotId id(int n) {
        return new SnapshotId(String.format("%064x", n + 1));
    }
}
