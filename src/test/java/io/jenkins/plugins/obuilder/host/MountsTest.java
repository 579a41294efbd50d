package io.jenkins.plugins.obuilder.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
    /** Every byte that mountinfo, overlay options or shells treat in a way of their own. */
    private static final String ODD = "a b\tc\nd\\e,f:g\"h=i#ü\\134";

    @TempDir
    Path tmp;

    @AfterEach
    void unmountAll() throws HostException {
        if (Need.PRIVATE_ROOT.whyMissing().isEmpty()) {
            Mounts.unmountAll(tmp);
        }
    }

    private Path dir(String name) throws Exception {
        return Files.createDirectories(tmp.resolve(name));
    }

    @Test
    void readsMountinfo() {
        assertThat(
                        MountPoint.parse(
                                "36 35 98:0 /mnt1 /mnt\\040a\\134\\012b rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=x"))
                .contains(new MountPoint(36, 98L << 32, "/mnt1", "/mnt a\\\nb", "ext3", "/dev/root", "rw,errors=x"));
        assertThat(MountPoint.parse("36 35 98:0 / / rw - ext3")).isEmpty();
        assertThat(MountPoint.parse("")).isEmpty();
    }

    @Test
    void aNeighbourWithTheSameBeginningIsNotWithin() {
        MountPoint mount = new MountPoint(1, 1, "/", "/srv/store2", "tmpfs", "tmpfs", "rw");
        assertThat(mount.isWithin("/srv/store")).isFalse();
        assertThat(mount.isWithin("/srv/store2")).isTrue();
        assertThat(mount.isWithin("/srv")).isTrue();
        assertThat(mount.isWithin("/")).isTrue();
    }

    @Test
    @Needs({Need.PRIVATE_ROOT, Need.OVERLAYFS})
    void overlaysDirectoriesOfAnyName() throws Exception {
        dir(""); // the layers lie on a tmpfs of their own, so that the test works where / is an overlay
        LinuxMounts.tmpfs(tmp, "");
        Path low1 = dir(ODD + "/low1");
        Path low2 = dir(ODD + "/low:2");
        Files.writeString(low1.resolve("one"), "1");
        Files.writeString(low2.resolve("two"), "2");
        Path upper = dir(ODD + "/up,per");
        Path target = dir(ODD + "/merged");
        LinuxMounts.overlay(List.of(low1, low2), upper, dir(ODD + "/work"), target);
        assertThat(target.resolve("one")).hasContent("1");
        assertThat(target.resolve("two")).hasContent("2");
        Files.writeString(target.resolve("three"), "3");
        assertThat(upper.resolve("three")).hasContent("3");
        assertThat(Mounts.isMountPoint(target)).isTrue();
        assertThat(Mounts.within(tmp.resolve(ODD)))
                .hasSize(1)
                .allMatch(mount -> mount.type().equals("overlay"));
        Mounts.unmount(target);
        assertThat(Mounts.isMountPoint(target)).isFalse();
        assertThat(target).isEmptyDirectory();

        LinuxMounts.overlayReadOnly(List.of(low1, low2), target);
        assertThat(target.resolve("two")).hasContent("2");
        assertThatExceptionOfType(java.nio.file.FileSystemException.class)
                .isThrownBy(() -> Files.writeString(target.resolve("no"), ""));
    }

    @Test
    @Needs(Need.PRIVATE_ROOT)
    void tooLongAnOverlayIsRefusedInWords() {
        List<Path> layers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            layers.add(tmp.resolve("layer-number-" + i));
        }
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> LinuxMounts.overlay(layers, tmp, tmp, tmp))
                .withMessageContaining("200 layers are too long");
    }

    @Test
    @Needs(Need.PRIVATE_ROOT)
    void bindsForReadingOnly() throws Exception {
        Path from = dir("from " + ODD);
        Path to = dir("to " + ODD);
        Files.writeString(from.resolve("file"), "x");
        LinuxMounts.bindReadOnly(from, to);
        assertThat(to.resolve("file")).hasContent("x");
        assertThatExceptionOfType(java.nio.file.FileSystemException.class)
                .isThrownBy(() -> Files.writeString(to.resolve("file"), "y"));
        Files.writeString(from.resolve("file"), "z");
        assertThat(to.resolve("file")).hasContent("z");
    }

    @Test
    @Needs(Need.PRIVATE_ROOT)
    void detachesWhatStaysBusy() throws Exception {
        Path target = dir("busy");
        LinuxMounts.tmpfs(target, "mode=0700,size=1m");
        try (OutputStream open = Files.newOutputStream(target.resolve("open"))) {
            Mounts.unmount(target, Duration.ofMillis(20));
            open.write(1);
        }
        assertThat(Mounts.isMountPoint(target)).isFalse();
        assertThat(target).isEmptyDirectory();
    }

    @Test
    @Needs(Need.PRIVATE_ROOT)
    void unmountsStackedAndNestedMounts() throws Exception {
        Path target = dir("stack");
        LinuxMounts.tmpfs(target, "");
        LinuxMounts.tmpfs(target, "");
        LinuxMounts.tmpfs(dir("stack/inner"), "");
        Mounts.unmountAll(target);
        assertThat(Mounts.within(tmp)).isEmpty();
        Mounts.unmount(target);
        Mounts.unmount(tmp.resolve("missing"));
    }

    @Test
    @Needs(Need.PRIVATE_ROOT)
    void saysWhatCouldNotBeMounted() {
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> LinuxMounts.bind(tmp.resolve("no"), tmp))
                .withMessage("cannot mount " + tmp + "/no at " + tmp + ": No such file or directory");
    }
}
