package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.LinuxMounts;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

@Needs({Need.PRIVATE_ROOT, Need.OVERLAYFS})
class OverlayOnTmpfsTest extends CrashContract {
    @TempDir
    static Path shared;

    @BeforeAll
    static void mount() throws IOException {
        LinuxMounts.tmpfs(shared, "size=1g");
    }

    @AfterAll
    static void unmount() throws IOException {
        Mounts.unmount(shared);
    }

    @Override
    Path place() {
        return shared;
    }

    @Override
    String name(Path directory) {
        return "overlayfs:" + directory;
    }
}
