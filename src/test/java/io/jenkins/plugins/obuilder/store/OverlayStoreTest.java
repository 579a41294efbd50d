package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.LinuxMounts;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.testing.ClassDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
}
