package io.jenkins.plugins.obuilder.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessDirectoryTest {
    @TempDir
    Path tmp;

    @Test
    void isPrivateAndGoneWhenClosed() throws Exception {
        Path parent = tmp.resolve("state");
        ProcessDirectory directory = ProcessDirectory.create(parent);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
                .isEqualTo("rwx------");
        Files.createDirectories(directory.path().resolve("a/b"));
        Files.createSymbolicLink(directory.path().resolve("a/link"), tmp);
        directory.close();
        assertThat(parent).isEmptyDirectory();
        assertThat(tmp).exists();
    }

    @Test
    void ourOwnAreAlive() throws Exception {
        try (ProcessDirectory one = ProcessDirectory.create(tmp);
                ProcessDirectory two = ProcessDirectory.create(tmp)) {
            assertThat(one.path()).isNotEqualTo(two.path());
            assertThat(ProcessDirectory.abandoned(tmp)).isEmpty();
            assertThat(ProcessDirectory.abandoned(tmp.resolve("missing"))).isEmpty();
        }
    }

    @Test
    void anotherProcessKnowsTheLivingFromTheDead() throws Exception {
        try (ProcessDirectory ours = ProcessDirectory.create(tmp)) {
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin/java").toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Holder.class.getName(),
                            tmp.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            // It finds no abandoned one beside ours, makes its own, and waits to be killed.
            String name = new String(other.getInputStream().readNBytes(17)).strip();
            assertThat(name).hasSize(16);
            assertThat(ProcessDirectory.abandoned(tmp)).isEmpty();
            other.destroyForcibly().waitFor();

            List<ProcessDirectory> dead = ProcessDirectory.abandoned(tmp);
            assertThat(dead).hasSize(1);
            assertThat(dead.get(0).path()).hasFileName(name).isDirectoryContaining("glob:**file");
            assertThat(ProcessDirectory.abandoned(tmp)).as("taken once").isEmpty();
            dead.get(0).close();
            assertThat(ours.path()).isDirectory();
        }
        assertThat(tmp).isEmptyDirectory();
    }

    @Test
    void aLockThatNeverGotItsDirectoryIsRemoved() throws Exception {
        Files.createFile(tmp.resolve("0123456789abcdef-new.lock"));
        Files.createFile(tmp.resolve("0123456789abcdee.lock"));
        for (ProcessDirectory dead : ProcessDirectory.abandoned(tmp)) {
            dead.close();
        }
        assertThat(tmp).isEmptyDirectory();
    }

    @Test
    @Needs(Need.PRIVATE_ROOT)
    void neverDeletesThroughAMount() throws Exception {
        Path precious = Files.createDirectory(tmp.resolve("precious"));
        Files.createFile(precious.resolve("file"));
        ProcessDirectory directory = ProcessDirectory.create(tmp.resolve("state"));
        Path mounted = Files.createDirectory(directory.path().resolve("mounted"));
        LinuxMounts.bind(precious, mounted);
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> ProcessDirectory.deleteTree(directory.path()))
                .withMessageContaining("something is mounted there");
        Mounts.unmount(mounted);
        directory.close();
        assertThat(precious.resolve("file")).exists();
    }

    @Test
    @Needs({Need.PRIVATE_ROOT, Need.LOOP_DEVICES})
    void leavesNothingWhereThereIsNoRoomForIt() throws Exception {
        Path disk = tmp.resolve("disk");
        try (LoopDisk full = LoopDisk.mount(tmp.resolve("disk.img"), 16, disk, "mkfs.ext4", "-q", "-m", "0")) {
            Path state = Files.createDirectory(disk.resolve("state"));
            full.fill(0);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> ProcessDirectory.create(state))
                    .withMessageContaining("No space left on device");
            assertThat(state).isEmptyDirectory();
        }
    }

    /** The other process. */
    static final class Holder {
        public static void main(String[] args) throws Exception {
            Path parent = Path.of(args[0]);
            if (!ProcessDirectory.abandoned(parent).isEmpty()) {
                throw new IllegalStateException("took a living one");
            }
            ProcessDirectory directory = ProcessDirectory.create(parent);
            Files.createFile(directory.path().resolve("file"));
            System.out.println(directory.path().getFileName());
            Thread.sleep(60_000);
        }
    }
}
