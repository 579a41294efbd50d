package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.LinuxMounts;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.testing.ClassDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Needs({Need.PRIVATE_ROOT, Need.OVERLAYFS, Need.LOOP_DEVICES})
class OverlayStoreTest extends CrashContract {
    @RegisterExtension
    static final ClassDisk DISK = new ClassDisk("mkfs.ext4", "-q", "-m", "0");

    @Override
    Path place() {
        return DISK.directory();
    }

    @Override
    Path smallPlace() throws IOException {
        return DISK.another(temp, 200);
    }

    @Override
    String name(Path directory) {
        return "overlayfs:" + directory;
    }

    @Test
    void saysWhenItIsAnOverlayItself() throws IOException {
        Path place = Files.createTempDirectory(place(), "overlay");
        for (String name : new String[] {"lower", "upper", "work", "merged"}) {
            Files.createDirectory(place.resolve(name));
        }
        Path merged = place.resolve("merged");
        LinuxMounts.overlay(List.of(place.resolve("lower")), place.resolve("upper"), place.resolve("work"), merged);
        try {
            Path other = merged.resolve("store");
            assertThatThrownBy(() -> Stores.open(name(other), new SystemCommands()))
                    .isInstanceOf(UnfitPlaceException.class)
                    .hasMessageContaining("cannot keep a store of the kind overlayfs in " + other
                            + ": overlayfs is refused there, on overlayfs")
                    .hasMessageContaining(
                            "a directory that does not itself lie on an overlay; rsync:PATH works everywhere");
            assertThat(other).doesNotExist();
        } finally {
            Mounts.unmountAll(merged);
        }
    }

    /** It is deleted for all who look for it; what it takes of the disk is freed as soon as that can be. */
    @Test
    void whatIsDeletedButCannotBeRemovedYetIsToldAndRemovedLater() throws Exception {
        build(1, null, rootfs -> Files.createDirectory(rootfs.resolve("mnt")));
        build(2, null, rootfs -> Files.writeString(rootfs.resolve("file"), "x"));
        store.close();
        List<Path> mounted = new ArrayList<>();
        store = new SharedStore(new ForwardingStore(new OverlayStore(root, new SystemCommands())) {
            @Override
            public Closeable delete(SnapshotId id) throws IOException {
                Closeable removal = super.delete(id);
                if (id.equals(id(1)) && mounted.isEmpty()) {
                    try (Stream<Path> moved = Files.list(root.resolve("in-progress"))) {
                        mounted.add(moved.findFirst().orElseThrow().resolve("rootfs/mnt"));
                    }
                    LinuxMounts.tmpfs(mounted.get(0), "size=1m");
                }
                return removal;
            }
        });
        store.index().touch(id(1), Optional.empty(), Instant.EPOCH);
        Pruning.Report report = store.prune(Pruning.Limits.everything(), new Cancellation());
        assertThat(report.ids()).containsExactly(id(1), id(2));
        assertThat(report.left()).isZero();
        assertThat(report.undeletable()).singleElement().satisfies(one -> {
            assertThat(one.gone()).isTrue();
            assertThat(one.why())
                    .startsWith(
                            "the snapshot " + id(1) + " is deleted, but its space cannot be freed now: cannot remove ")
                    .contains("another file system is mounted there; unmount it first");
        });
        indexIsRight();
        Mounts.unmount(mounted.get(0));
        store.prune(Pruning.Limits.everything(), new Cancellation());
        assertThat(root.resolve("in-progress")).isEmptyDirectory();
    }
}
