package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.testing.ClassDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Path;
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
}
