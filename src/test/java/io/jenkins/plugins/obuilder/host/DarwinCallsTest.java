package io.jenkins.plugins.obuilder.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Function;
import com.sun.jna.LastErrorException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.testing.LibSystem;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Darwin's calls beyond directories, by a stand-in for its library. */
@Needs({Need.CC, Need.PRIVATE_ROOT})
class DarwinCallsTest {
    @TempDir
    Path temp;

    @BeforeAll
    static void useStandIn() throws IOException {
        LibSystem.use();
    }

    /** The expected are those of the declarations in xnu's own headers, compiled. */
    @ParameterizedTest
    @CsvSource({
        "stat, 144",
        "stat.st_dev, 0",
        "stat.st_mode, 4",
        "stat.st_nlink, 6",
        "stat.st_ino, 8",
        "stat.st_uid, 16",
        "stat.st_gid, 20",
        "stat.st_rdev, 24",
        "stat.st_mtimespec, 48",
        "stat.st_ctimespec, 64",
        "stat.st_size, 96",
        "stat.st_blocks, 104",
        "stat.st_flags, 116",
        "dirent, 1048",
        "dirent.d_namlen, 18",
        "dirent.d_type, 20",
        "dirent.d_name, 21",
        "statfs, 2168",
        "statfs.f_fsid, 48",
        "statfs.f_fstypename, 72",
        "statfs.f_mntonname, 88",
        "statfs.f_mntfromname, 1112"
    })
    void theStandInHasTheStructuresOfDarwin(String name, int expected) {
        Function layout = Function.getFunction(System.getProperty(DarwinLibrary.PROPERTY), "darwin_layout");
        assertThat(layout.invokeInt(new Object[] {name})).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "fstatat, x86_64, fstatat$INODE64",
        "fstatat, amd64, fstatat$INODE64",
        "fstatat, aarch64, fstatat",
        "readdir_r, x86_64, readdir_r$INODE64",
        "getfsstat, x86_64, getfsstat$INODE64",
        "closedir, x86_64, closedir",
        "openat, x86_64, openat"
    })
    void functionsWithInodesHaveANameOfTheirOwnOnIntel(String function, String architecture, String symbol) {
        assertThat(DarwinLibrary.symbol(function, architecture)).isEqualTo(symbol);
    }

    @Test
    void theKernelIsToldByTheSystemsName() {
        assertThat(Kernel.of("Mac OS X")).isEqualTo(Kernel.DARWIN);
        assertThat(Kernel.of("Linux")).isEqualTo(Kernel.LINUX);
    }

    @Test
    void listsAndUnmounts() throws Exception {
        Path mount = Files.createDirectory(temp.resolve("a mount"));
        LinuxMounts.tmpfs(mount, "size=1m");
        DarwinMountCalls calls = new DarwinMountCalls();
        byte[] name = FileCalls.name(Mounts.name(mount));
        try {
            MountPoint found = calls.list().stream()
                    .filter(point -> point.isWithin(mount))
                    .findFirst()
                    .orElseThrow();
            assertThat(found.type()).isEqualTo("tmpfs");
            assertThat(found.path()).isEqualTo(Mounts.name(mount));
            try (Dir dir = Dir.open(mount)) {
                assertThat(found.device()).isEqualTo(dir.stat().fileSystem());
                assertThatThrownBy(() -> calls.unmount(name, false))
                        .isInstanceOfSatisfying(
                                LastErrorException.class,
                                e -> assertThat(e.getErrorCode()).isEqualTo(KernelErrors.EBUSY));
            }
            Path link = Files.createSymbolicLink(temp.resolve("link"), mount);
            assertThatThrownBy(() -> calls.unmount(FileCalls.name(Mounts.name(link)), true))
                    .isInstanceOfSatisfying(
                            LastErrorException.class,
                            e -> assertThat(e.getErrorCode()).isEqualTo(KernelErrors.EINVAL));
            calls.unmount(name, false);
            assertThat(Mounts.within(mount)).isEmpty();
            assertThatThrownBy(() -> calls.unmount(name, false)).isInstanceOf(LastErrorException.class);
        } finally {
            Mounts.unmountAll(temp);
        }
    }

    @Test
    void clonesTrees() throws IOException {
        Path tree = Files.createDirectories(temp.resolve("tree/inner"));
        Files.writeString(tree.resolve("file"), "x");
        byte[] from = FileCalls.name(Bytes.ofText(temp.resolve("tree").toString()));
        byte[] to = FileCalls.name(Bytes.ofText(temp.resolve("copy").toString()));
        DarwinClone.clone(from, to);
        assertThat(temp.resolve("copy/inner/file")).hasContent("x");
        assertThatThrownBy(() -> DarwinClone.clone(from, to)).isInstanceOf(LastErrorException.class);
    }

    @Test
    void tellsSinceWhenTheSystemRuns() throws IOException {
        assertThat(DarwinSysctl.text("kern.bootsessionuuid")).isEqualTo(Boot.id());
        assertThat(DarwinSysctl.text("kern.nothing")).isEqualTo(Optional.empty());
    }

    @Test
    void digests() throws Exception {
        for (String text : List.of("", "abc", "x".repeat(1000))) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            Files.write(temp.resolve("file"), bytes);
            try (Sha256 mac = Sha256.ofCommonCrypto();
                    Dir dir = Dir.open(temp)) {
                for (int round = 0; round < 2; round++) {
                    try (OpenFile file = dir.openFile("file")) {
                        assertThat(file.hash(mac)).isEqualTo(Sha256.of(bytes));
                    }
                }
            }
        }
    }
}
