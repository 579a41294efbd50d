package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Stores that OBuilder filled, of each kind. */
class ReferenceStoreTest {
    @Nested
    @Needs({Need.PRIVATE_ROOT, Need.RSYNC})
    class Rsync extends ReferenceStoreContract.OfCopies {
        @Override
        String kind() {
            return "rsync";
        }

        @Override
        void copy(Path result, Path copy) throws IOException {
            Tools.run(root, "rsync", "-aHq", result + "/", copy.toString());
        }
    }

    @Nested
    @Needs({Need.PRIVATE_ROOT, Need.OVERLAYFS})
    class Overlay extends ReferenceStoreContract {
        @Override
        String kind() {
            return "overlayfs";
        }
    }

    @Nested
    @Needs({Need.PRIVATE_ROOT, Need.XFS, Need.LOOP_DEVICES})
    class Xfs extends OnDisk {
        @Override
        String kind() {
            return "xfs";
        }

        @Override
        void copy(Path result, Path copy) throws IOException {
            Tools.run(root, "cp", "-pRduT", "--reflink=always", result.toString(), copy.toString());
        }
    }

    @Nested
    @Needs({Need.PRIVATE_ROOT, Need.BTRFS, Need.LOOP_DEVICES})
    class Btrfs extends OnDisk {
        @Override
        String kind() {
            return "btrfs";
        }

        @Override
        void prepare(Path archive) throws IOException {
            super.prepare(archive);
            Tools.script(
                    root,
                    "for d in $(tar -tf " + archive + " | grep -E '^./(result|cache)(-tmp)?/[^/]+/$'); do"
                            + " mkdir -p $(dirname $d); btrfs -q subvolume create $d; done");
        }

        @Override
        void finish() throws IOException {
            Tools.script(root, "for d in result/* cache/*; do btrfs property set -ts $d ro true; done");
        }

        @Override
        void copy(Path result, Path copy) throws IOException {
            Tools.run(root, "btrfs", "-q", "subvolume", "snapshot", "-r", result.toString(), copy.toString());
        }
    }

    /** On a disk of its own. */
    abstract static class OnDisk extends ReferenceStoreContract.OfCopies {
        private static final int MEBIBYTES = 512;

        @TempDir
        Path temp;

        private LoopDisk disk;

        @Override
        void prepare(Path archive) throws IOException {
            disk = LoopDisk.mount(temp.resolve("image"), MEBIBYTES, root, "mkfs." + kind(), "-q");
        }

        @AfterEach
        void unmount() throws IOException {
            disk.close();
        }
    }
}
