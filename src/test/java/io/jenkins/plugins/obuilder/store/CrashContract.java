package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every store of directories promises besides: what becomes of it when its disk is full or the power is cut, and of what is protected against removal. */
abstract class CrashContract extends KillContract {
    /** Whatever a step gets to before nothing is left: it is discarded, and all goes on when there is room again. */
    @Test
    void aDiskThatFillsUpCostsTheStepAlone() throws Exception {
        store.close();
        Path place = smallPlace();
        root = place.resolve("store");
        store = open(root);
        // Now, too: with a full disk it would end the test's own process.
        assertNothingMappedThatMayBeMissing();
        build(1, null, rootfs -> Files.write(rootfs.resolve("file"), new byte[100_000]));
        build(2, 1, rootfs -> Files.writeString(rootfs.resolve("two"), "two"));
        for (int kibibytes : new int[] {0, 16, 64, 256, 1024}) {
            sh(
                    place,
                    "dd if=/dev/zero of=spacer bs=1k count=" + kibibytes
                            + "; dd if=/dev/zero of=filler bs=64k || dd if=/dev/zero of=filler2 bs=1k || rm spacer");
            assertThatThrownBy(() -> build(3, 2, this::fill)).satisfies(this::isToldAsAFullDisk);
            assertNothingMappedThatMayBeMissing();
            assertThat(store.list()).containsExactlyInAnyOrder(id(1), id(2));
            assertNothingTemporary();
            sh(place, "rm -f filler filler2");
            assertThat(read(id(2), "two")).isEqualTo("two");
            indexIsRight();
        }
        build(3, 2, rootfs -> Files.writeString(rootfs.resolve("three"), "three"));
        assertThat(names(id(3), ".")).containsExactly("file", "three", "two");
    }

    private void fill(Path rootfs) throws IOException {
        try (OutputStream file = Files.newOutputStream(rootfs.resolve("large"))) {
            byte[] block = new byte[1 << 16];
            while (true) {
                file.write(block);
            }
        }
    }

    private void isToldAsAFullDisk(Throwable failure) {
        assertThat(failure).isInstanceOf(IOException.class);
        assertThat(FullDisk.explained((IOException) failure, root))
                .hasMessageContaining(
                        "The disk of the store " + root + " is full: delete snapshots (obuilder prune), or make room");
    }

    /** The system kills whoever writes into memory that is a page of a file for which no room is left. */
    private void assertNothingMappedThatMayBeMissing() throws IOException {
        assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
                .filteredOn(line -> line.contains(root.toString()))
                .noneMatch(line -> line.matches("\\S+ .w.s .*"));
    }

    /** After the system was started again, what may not have been written is not used, nor what was built on it. */
    @Test
    void usesNothingThatAPowerCutMayHaveSpoilt() throws Exception {
        build(1, null, rootfs -> {});
        build(2, 1, rootfs -> {});
        store.close();
        store = open(root);
        build(3, 2, rootfs -> {});
        build(4, 3, rootfs -> {});
        assertThat(unsynced()).as("marks of what is not on the disk").contains(id(3), id(4));
        sh(
                root,
                "ln -sfn another state/unsynced/" + id(1) + ".x; rm state/unsynced/" + id(1) + ".x;"
                        + " ln -sfn another state/unsynced/" + id(3) + "; rm -f state/unsynced/" + id(4));
        try (SharedStore again = open(root)) {
            assertThat(again.list()).containsExactlyInAnyOrder(id(1), id(2));
            assertThat(again.snapshots()).hasSize(2);
        }
        assertThat(unsynced()).isSubsetOf(id(1), id(2));
        build(3, 2, rootfs -> {});
        store.close();
        // Closing a store leaves that undone when others have much to write.
        try (Owner owner = new Owner(root.resolve("state/owners"))) {
            new UnsyncedResults(root, owner).sync();
        }
        assertThat(unsynced()).isEmpty();
        store = open(root);
        assertThat(store.list()).hasSize(3);
    }

    private List<SnapshotId> unsynced() throws IOException {
        try (Stream<Path> marks = Files.list(root.resolve("state/unsynced"))) {
            return marks.map(UnsyncedResults::id).toList();
        }
    }

    /** Only who may do that on the host can do it in a step. */
    @Test
    void removesWhatIsProtectedAgainstIt() throws Exception {
        try (Store.Draft draft = store.begin(id(1), Optional.empty())) {
            sh(
                    draft.rootfs(),
                    "mkdir -p d/e; echo x > d/e/f; echo x > d/e/g; chattr +i d/e/f; chattr +a d/e/g; chattr +i d/e; chattr +a d");
        }
        assertNothingTemporary();
    }
}
