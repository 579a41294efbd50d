package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.CommandResult;
import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.testing.RecordingCommands;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said of a zfs that does not do, and where on a Mac a store is found: its OpenZFS cannot be had here. */
class ZfsPlaceTest {
    private final RecordingCommands commands = new RecordingCommands();
    private final ZfsCommands zfs = new ZfsCommands(commands);

    @BeforeEach
    void onMacos() {
        System.setProperty(OperatingSystem.PROPERTY, "macos");
        commands.answer("zfs version", CommandResult.of(0, "zfs-2.2.3-1\nzfs-kmod-2.2.3-1\n", ""));
        commands.answer("zfs list", CommandResult.of(1, "", "cannot open: dataset does not exist\n"));
        pool("tank", "/Volumes/tank");
    }

    @AfterEach
    void onThisSystem() {
        System.clearProperty(OperatingSystem.PROPERTY);
    }

    private void pool(String name, String mountPoint) {
        CommandResult row = CommandResult.of(0, name + "\t" + mountPoint + "\tyes\n", "");
        for (String named : new String[] {name, mountPoint}) {
            commands.answer("zfs list -H -t filesystem -o name,mountpoint,mounted " + named, row);
        }
    }

    private ZfsDatasets open(String named) throws IOException {
        return new ZfsPlace(zfs, named).open();
    }

    private String whyUnsupported() throws IOException {
        return ZfsPlace.whyUnsupported(zfs).orElse("it works");
    }

    @Test
    void aPoolIsFoundByItsNameAndWhereItIsMounted() throws IOException {
        pool("lake", "/lake");
        for (String named : new String[] {"tank", "/Volumes/tank", "/Volumes/tank/"}) {
            assertThat(open(named)).isEqualTo(new ZfsDatasets("tank", Path.of("/Volumes/tank")));
        }
        for (String named : new String[] {"lake", "/lake"}) {
            assertThat(open(named)).isEqualTo(new ZfsDatasets("lake", Path.of("/lake")));
        }
    }

    @Test
    void onesThatAreMountedElsewhereAreNotTakenForIt() {
        assertThatThrownBy(() -> open("/tank"))
                .hasMessage(
                        "cannot open the store zfs:/tank: the dataset tank is to be mounted at /Volumes/tank, not at /tank:"
                                + " name it zfs:tank");
        assertThatThrownBy(() -> open("/Volumes/lake")).hasMessageContaining("there is no pool or dataset lake");
    }

    @Test
    void whatIsTooOldOrMissingIsTold() throws IOException {
        assertThat(whyUnsupported()).isEqualTo("it works");
        commands.answer("zfs version", CommandResult.of(0, "zfs-1.9.4-0\nzfs-kmod-1.9.4-0\n", ""));
        assertThat(whyUnsupported()).contains("OpenZFS 2.0 or newer is needed, and this is 1.9");
        commands.answer("zfs version", CommandResult.of(2, "", "unrecognized command 'version'\nusage: zfs command\n"));
        assertThat(whyUnsupported()).contains("so old that it does not tell its version");
        commands.answer(
                "zfs version", CommandResult.of(1, "zfs-2.2.3-1\n", "zfs_version_kernel() failed: No such file\n"));
        assertThat(whyUnsupported()).contains("zfs_version_kernel() failed", "kernel extension allowed");
        commands.without("zfs");
        assertThat(whyUnsupported()).contains("zfs is not installed", "/usr/local/zfs/bin");
        assertThatThrownBy(() -> open("tank")).hasMessageContaining("zfs is not installed");
    }

    /** On Intel, Homebrew's prefix is /usr/local, and OpenZFS is in there. */
    @Test
    void nothingIsMountedOverTheCommandThatIsToUnmountIt() throws IOException {
        commands.answer("zfs list -H -t filesystem -o mountpoint", CommandResult.of(0, "/somewhere\n", ""));
        ZfsRelocation relocation = new ZfsRelocation(zfs, open("tank"));
        Path local = Path.of("/Volumes/tank/result/" + "0".repeat(64) + "/home/local");
        assertThatThrownBy(() -> relocation.move(local, Path.of("/usr")))
                .hasMessageContaining("that would hide the command /usr/bin/zfs");
        assertThat(commands.lines()).noneMatch(line -> line.startsWith("zfs set"));
    }
}
