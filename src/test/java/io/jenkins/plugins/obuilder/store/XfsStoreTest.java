package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.testing.ClassDisk;
import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.TreeListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Needs({Need.PRIVATE_ROOT, Need.XFS, Need.LOOP_DEVICES})
class XfsStoreTest extends CrashContract {
    @RegisterExtension
    static final ClassDisk DISK = new ClassDisk("mkfs.xfs", "-q");

    @Override
    Path place() {
        return DISK.directory();
    }

    @Override
    Path smallPlace() throws IOException {
        return DISK.another(temp, 320);
    }

    @Override
    String name(Path directory) {
        return "xfs:" + directory;
    }

    @Test
    void copiesTreesExactlyAndSharesTheirBlocks() throws Exception {
        byte[] large = new byte[20 << 20];
        new Random(1).nextBytes(large);
        build(1, null, rootfs -> {
            Files.write(rootfs.resolve("large"), large);
            sh(
                    rootfs,
                    "for d in 1 2 3; do mkdir -p d$d/e/f; for i in $(seq 100); do echo $i > d$d/e/$i; done; done;"
                            + " ln d1/e/1 d3/e/f/one; ln d3/e/2 d1/e/f/two; mknod d1/null c 1 3; mkfifo d2/pipe; ln d2/pipe d1/pipe;"
                            + " ln -s x d1/link; ln d1/link d2/link; chmod 4755 d1/e/3; setfattr -n user.a -v b d1/e d1/e/4;"
                            + " setfacl -d -m u:12:rwx d2; cp /bin/true d2/capable; setcap cap_net_raw+ep d2/capable;"
                            + " touch -d 2001-02-03 d1/e/f d1/e; truncate -s 5M d2/sparse; chown -h 12:34 d2/capable d1/link; setcap"
                            + " cap_net_raw+ep d2/capable; chmod 0 d3/e");
        });
        sh(root, "sync -f .");
        long before = store.space().free();
        try (Store.Draft draft = store.begin(id(2), java.util.Optional.of(id(1)))) {
            sh(root, "sync -f .");
            assertThat(before - store.space().free()).isLessThan(10L << 20);
            assertThat(TreeListing.of(draft.rootfs()))
                    .isEqualTo(TreeListing.of(root.resolve("result/" + id(1) + "/rootfs")));
        }
    }

    @Test
    void saysWhenThereAreNoReflinks() throws IOException {
        LoopDisk.mount(temp.resolve("old.img"), 320, temp.resolve("old"), "mkfs.xfs", "-q", "-m", "reflink=0");
        Path other = temp.resolve("old/store");
        assertThatThrownBy(() -> Stores.open(name(other), new SystemCommands()))
                .hasMessageContaining(
                        "its file system has no reflinks (it is xfs): xfs must be made with mkfs.xfs -m reflink=1");
        assertThat(other).doesNotExist();
    }
}
