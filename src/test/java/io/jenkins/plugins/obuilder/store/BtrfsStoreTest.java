package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.testing.ClassDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Needs({Need.PRIVATE_ROOT, Need.BTRFS, Need.LOOP_DEVICES})
class BtrfsStoreTest extends CrashContract {
    @RegisterExtension
    static final ClassDisk DISK = new ClassDisk("mkfs.btrfs", "-q");

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
        return "btrfs:" + directory;
    }

    @Test
    void finishedSnapshotsAreReadOnlySubvolumes() throws Exception {
        build(1, null, rootfs -> Files.writeString(rootfs.resolve("file"), "x"));
        build(2, 1, rootfs -> Files.writeString(rootfs.resolve("file"), "y"));
        for (int n = 1; n <= 2; n++) {
            sh(root, "btrfs property get -ts result/" + id(n) + " ro | grep -qx ro=true");
        }
        assertThatThrownBy(() -> Files.writeString(root.resolve("result/" + id(1) + "/rootfs/file"), "z"))
                .hasMessageContaining("Read-only");
    }

    @Test
    void subvolumesThatAStepMadeArePartOfItsResult() throws Exception {
        build(1, null, rootfs -> {
            sh(
                    rootfs,
                    "mkdir a; btrfs -q subvolume create a/outer; mkdir a/outer/d; echo one > a/outer/d/file;"
                            + " btrfs -q subvolume create a/outer/d/inner; echo two > a/outer/d/inner/file;"
                            + " chown 12:34 a/outer; btrfs property set -ts a/outer/d/inner ro true;"
                            + " btrfs property set -ts a/outer ro true; touch -d 2001-02-03 a");
        });
        build(
                2,
                1,
                rootfs -> sh(
                        rootfs,
                        "[ $(cat a/outer/d/file a/outer/d/inner/file | wc -l) = 2 ];"
                                + " [ $(stat -c %u:%g a/outer) = 12:34 ]; [ $(stat -c %y a | cut -c -10) = 2001-02-03 ]; echo x > a/outer/d/inner/new"));
        sh(root, "[ -z \"$(btrfs subvolume list -o result/" + id(1) + ")\" ]");
        store.deleteAll(id(1), gone -> {});
        assertThat(root.resolve("result")).isEmptyDirectory();
    }

    @Test
    void draftsWithSubvolumesOfAStepAreDiscarded() throws Exception {
        try (Store.Draft draft = store.begin(id(1), Optional.empty())) {
            sh(
                    draft.rootfs(),
                    "btrfs -q subvolume create a; btrfs -q subvolume create a/b; mkdir a/b/c; btrfs -q subvolume create a/b/c/d;"
                            + " btrfs property set -ts a/b ro true; btrfs property set -ts a ro true");
        }
        assertThat(root.resolve("result-tmp")).isEmptyDirectory();
    }

    @Test
    void worksThroughTheCommandWhereTheSystemRefusesTheRequests() throws Exception {
        store.close();
        Path other = root.resolveSibling("other");
        store = new SharedStore(new BtrfsStore(other, new BtrfsTrees(new SystemCommands(), true)));
        build(1, null, rootfs -> Files.writeString(rootfs.resolve("file"), "one"));
        build(2, 1, rootfs -> Files.writeString(rootfs.resolve("file"), "two"));
        assertThat(read(id(1), "file")).isEqualTo("one");
        sh(other, "btrfs property get -ts result/" + id(2) + " ro | grep -qx ro=true");
        try (Store.CacheDraft cache = store.cache("c", USER)) {
            cache.publish();
        }
        assertThat(store.caches()).containsExactly("c-c");
        store.deleteAll(id(1), gone -> {});
        assertThat(store.reclaim(new Cancellation())).isTrue();
        assertThat(other.resolve("result")).isEmptyDirectory();
    }

    @Test
    void repairFinishesACommitThatWasKilled() throws Exception {
        build(1, null, rootfs -> Files.writeString(rootfs.resolve("file"), "one"));
        sh(root, "btrfs property set -ts result/" + id(1) + " ro false");
        store.repair();
        sh(root, "btrfs property get -ts result/" + id(1) + " ro | grep -qx ro=true");
    }

    @Test
    void saysWhenItIsAnotherFileSystem() throws IOException {
        Path other = temp.resolve("elsewhere");
        assertThatThrownBy(() -> Stores.open(name(other), new SystemCommands()))
                .hasMessageContaining("cannot keep a store of the kind btrfs in " + other)
                .hasMessageContaining("not btrfs; overlayfs:PATH and rsync:PATH work there");
        assertThat(other).doesNotExist();
    }
}
