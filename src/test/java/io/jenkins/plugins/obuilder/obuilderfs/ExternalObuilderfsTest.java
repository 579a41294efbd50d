package io.jenkins.plugins.obuilder.obuilderfs;

import static io.jenkins.plugins.obuilder.obuilderfs.PrefixLab.ALICE;
import static io.jenkins.plugins.obuilder.obuilderfs.PrefixLab.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program of that name which is there already: the reference's, ours under its name, or a script that does nothing. */
@Needs({Need.PRIVATE_ROOT, Need.FUSE, Need.BINDFS})
class ExternalObuilderfsTest {
    @TempDir
    private Path directory;

    private PrefixLab lab;

    @BeforeEach
    void prepare() throws IOException {
        lab = new PrefixLab(directory, Mode.PASSTHROUGH);
        lab.write(ALICE, "file", "alice's");
        lab.write(BOB, "file", "bob's");
    }

    @AfterEach
    void close() throws IOException {
        lab.close();
        assertThat(Mounts.within(lab.mountpoint)).isEmpty();
    }

    private PrefixView install(String script) throws IOException {
        Path bin = Files.createDirectories(lab.directory.resolve("bin"));
        Files.writeString(bin.resolve("obuilderfs"), "#!/bin/sh\n" + script);
        Tools.run(bin, "chmod", "755", "obuilderfs");
        return view(bin).orElseThrow();
    }

    private Optional<PrefixView> view(Path bin) throws IOException {
        List<Path> path = new ArrayList<>(List.of(bin));
        path.addAll(OperatingSystem.LINUX.searchPath());
        return ExternalObuilderfs.find(new SystemCommands(path), lab.scoreboard.path(), lab.mountpoint, lab.run());
    }

    @Test
    void whereNoneIsInstalledThereIsNone() throws IOException {
        assertThat(view(lab.directory.resolve("bin"))).isEmpty();
    }

    @Test
    void itIsMountedForAStepAndUnmountedAfterIt() throws IOException {
        PrefixView view = install("echo \"$@\" >> " + lab.directory + "/calls; exec bindfs -o \"$4\" \"$(readlink $1/"
                + ALICE + ")/local\" \"$2\"\n");

        try (PrefixView.Lease lease = view.lease(ALICE)) {
            assertThat(lease).isNotNull();
            assertThat(lab.mustSh(ALICE, "cat $P/file")).isEqualTo("alice's");
            assertThatThrownBy(() -> view.lease(BOB))
                    .isInstanceOf(PrefixBusyException.class)
                    .hasMessageContaining("the user " + ALICE + " has it");
        }
        assertThat(Mounts.within(lab.mountpoint)).isEmpty();
        assertThat(lab.directory.resolve("calls"))
                .hasContent(lab.scoreboard.path() + " " + lab.mountpoint + " -o allow_other");
        view.lease(BOB).close();
    }

    @Test
    void aScriptThatDoesNothingWillDo() throws IOException {
        PrefixView view = install("");
        try (PrefixView.Lease lease = view.lease(ALICE)) {
            assertThat(lease).isNotNull();
            assertThat(lab.mountpoint).isEmptyDirectory();
        }
        view.close();
    }

    /** The reference's tool can not mount where something is mounted, and what a crash left is. */
    @Test
    void whatACrashLeftIsUnmounted() throws IOException {
        Tools.run(lab.directory, "bindfs", "-o", "allow_other", lab.local(BOB).toString(), lab.mountpoint.toString());
        PrefixView view = install(
                "! mountpoint -q \"$2\" && exec bindfs -o \"$4\" \"$(readlink $1/" + ALICE + ")/local\" \"$2\"\n");

        try (PrefixView.Lease lease = view.lease(ALICE)) {
            assertThat(lease).isNotNull();
            assertThat(lab.mustSh(ALICE, "cat $P/file")).isEqualTo("alice's");
        }
    }

    @Test
    void whatItSaysWhenItFailsIsTold() throws IOException {
        PrefixView view = install("echo 'no macFUSE here' >&2; exit 3\n");
        assertThatThrownBy(() -> view.lease(ALICE))
                .hasMessageContaining("cannot mount obuilderfs at " + lab.mountpoint)
                .hasMessageContaining("no macFUSE here");
        view.close();
    }
}
