package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

@Needs({Need.PRIVATE_ROOT, Need.OVERLAYFS, Need.LOOP_DEVICES})
class OverlayStoreTest extends CrashContract {
    @TempDir
    static Path shared;

    private static LoopDisk disk;

    @BeforeAll
    static void mount() throws IOException {
        disk = LoopDisk.mount(shared.resolve("image"), 1024, shared.resolve("disk"), "mkfs.ext4", "-q");
    }

    @AfterAll
    static void unmount() throws IOException {
        disk.close();
    }

    @Override
    Path place() {
        return shared.resolve("disk");
    }

    @Override
    Path smallPlace() throws IOException {
        LoopDisk.mount(temp.resolve("small.img"), 200, temp.resolve("small"), "mkfs.ext4", "-q", "-m", "0");
        return temp.resolve("small");
    }

    @Override
    String name(Path directory) {
        return "overlayfs:" + directory;
    }
}
