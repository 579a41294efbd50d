package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code obuilder obuilderfs}, called as the reference calls its tool: mount before a step, unmount by force after it. */
class ObuilderfsCommandTest {
    private static final int UID = 7705;

    @TempDir
    private Path directory;

    private Path scoreboard;
    private Path mountpoint;
    private final Shell shell = new Shell();

    @BeforeEach
    void prepare() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        scoreboard = Files.createDirectory(directory.resolve("scoreboard"));
        mountpoint = Files.createDirectory(directory.resolve("prefix"));
    }

    @AfterEach
    void unmount() throws IOException {
        Mounts.unmountAll(mountpoint);
    }

    private void home(String name, String contents) throws IOException {
        Path local = Files.createDirectories(directory.resolve(name).resolve("local"));
        Files.writeString(local.resolve("file"), contents);
        Tools.run(directory, "chown", "-R", UID + ":" + UID, name);
        Tools.run(
                directory,
                "ln",
                "-sfn",
                directory.resolve(name).toString(),
                scoreboard.resolve("" + UID).toString());
    }

    private String asUser(String script) throws IOException {
        return Tools.run(
                directory, "setpriv", "--reuid=" + UID, "--regid=" + UID, "--clear-groups", "sh", "-euc", script);
    }

    @Test
    @Needs({Need.PRIVATE_ROOT, Need.FUSE})
    void standsInForTheReferencesTool() throws IOException {
        for (String home : List.of("first", "second")) {
            home(home, home);
            assertThat(shell.run("obuilderfs", scoreboard, mountpoint, "-o", "allow_other"))
                    .as(shell.err())
                    .isZero();
            assertThat(asUser("cat prefix/file; cd prefix; pwd -P; echo more >> file"))
                    .isEqualTo(home + mountpoint + "\n");
            assertThat(shell.run("obuilderfs", scoreboard, mountpoint, "-o", "allow_other"))
                    .as("what is mounted is not mounted again")
                    .isEqualTo(1);
            assertThat(shell.err())
                    .contains(mountpoint + " is mounted already; unmount it first: umount " + mountpoint);
            Tools.run(directory, "umount", "-f", mountpoint.toString());
            assertThat(directory.resolve(home).resolve("local/file")).hasContent(home + "more");
        }
    }

    @Test
    @Needs({Need.PRIVATE_ROOT, Need.FUSE})
    void redirects() throws IOException {
        home("first", "contents");
        assertThat(shell.run(
                        "obuilderfs",
                        "-o",
                        "mode=redirect,allow_other,nobrowse",
                        "-o",
                        "volname=x",
                        scoreboard,
                        mountpoint))
                .as(shell.err())
                .isZero();
        assertThat(asUser("cat prefix/local/file; readlink prefix/local"))
                .isEqualTo("contents" + directory.resolve("first/local") + "\n");
        assertThat(Tools.run(directory, "ls", "-A", "prefix/local/")).isEmpty();
    }

    @Test
    @Needs({Need.PRIVATE_ROOT, Need.FUSE})
    void readOnlyIsReadOnly() throws IOException {
        home("first", "contents");
        assertThat(shell.run("obuilderfs", scoreboard, mountpoint, "-s", "-o", "ro"))
                .isZero();
        assertThat(asUser("cat prefix/file; ! touch prefix/new 2>&1"))
                .startsWith("contents")
                .contains("Read-only file system");
    }

    @Test
    void mistakesAreToldApart() {
        assertThat(shell.run("obuilderfs", scoreboard, mountpoint, "-o", "mode=redirekt"))
                .isEqualTo(2);
        assertThat(shell.err()).contains("-o mode=redirekt: there are mode=passthrough and mode=redirect");
        assertThat(shell.run("obuilderfs", scoreboard, mountpoint, "-o", "colour=red"))
                .isEqualTo(2);
        assertThat(shell.err()).contains("-o colour=red: obuilderfs has no such option");
        assertThat(shell.run("obuilderfs", directory.resolve("none"), mountpoint))
                .isEqualTo(2);
        assertThat(shell.err()).contains("there is no directory " + directory.resolve("none") + " for the scoreboard");
        assertThat(shell.run("obuilderfs", scoreboard, directory.resolve("none/none")))
                .isEqualTo(2);
        assertThat(shell.err()).contains("mkdir -p " + directory.resolve("none/none"));
        assertThat(shell.run("obuilderfs", scoreboard)).isEqualTo(2);
        assertThat(shell.err()).contains("MOUNTPOINT");
    }
}
