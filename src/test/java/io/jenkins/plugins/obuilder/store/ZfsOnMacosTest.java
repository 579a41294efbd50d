package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.RecordingCommands;
import io.jenkins.plugins.obuilder.testing.ZfsPool;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the store does on macOS, where a root file system is two datasets, done with zfs-fuse; and which commands that takes. */
@Needs({Need.PRIVATE_ROOT, Need.ZFS})
@Timeout(120)
@SuppressWarnings("try") // what is moved is held, not used
class ZfsOnMacosTest {
    @TempDir
    Path temp;

    private final RecordingCommands recorded = new RecordingCommands();
    private ZfsPool zfs;
    private ZfsStore store;

    @BeforeEach
    void open() throws IOException {
        System.setProperty(OperatingSystem.PROPERTY, "macos");
        zfs = ZfsPool.make(temp, 256);
        Commands system = new SystemCommands(List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/bin")));
        recorded.answer("", system::execute);
        store = new ZfsStore(ZfsPool.NAME, recorded);
    }

    @AfterEach
    void close() throws IOException {
        System.clearProperty(OperatingSystem.PROPERTY);
        store.close();
        zfs.close();
    }

    private static SnapshotId id(int n) {
        return new SnapshotId(String.format("%064x", n));
    }

    @Test
    void homeAndBrewAreShownElsewhereForAWhile() throws IOException {
        try (Store.Draft draft = store.begin(id(1), Optional.empty())) {
            Files.writeString(draft.rootfs().resolve("profile"), "home");
            Files.writeString(draft.rootfs().resolve("local/tool"), "brew");
            draft.commit();
        }
        Path home = temp.resolve("Users/mac1");
        Files.createDirectories(home.getParent());
        Path prefix = Files.createDirectory(temp.resolve("prefix"));
        Relocation relocation = store.relocation().orElseThrow();
        try (Store.Draft draft = store.begin(id(2), Optional.of(id(1)))) {
            int before = recorded.lines().size();
            Path local = draft.rootfs().resolve("local");
            try (Closeable brew = relocation.move(local, prefix).orElseThrow();
                    Closeable user = relocation.move(draft.rootfs(), home).orElseThrow()) {
                assertThat(home.resolve("profile")).hasContent("home");
                assertThat(prefix.resolve("tool")).hasContent("brew");
                assertThat(local).doesNotExist();
                Files.writeString(home.resolve("made"), "by the step");
                Files.writeString(prefix.resolve("installed"), "by the step");
            }
            String result = ZfsPool.NAME + "/result/" + id(2);
            assertThat(recorded.lines().subList(before, recorded.lines().size()))
                    .filteredOn(line -> !line.startsWith("zfs list"))
                    .containsExactly(
                            "zfs unmount " + result + "/brew",
                            "zfs set mountpoint=" + prefix + " " + result + "/brew",
                            "zfs mount " + result + "/brew",
                            "zfs unmount " + result + "/home",
                            "zfs set mountpoint=" + home + " " + result + "/home",
                            "zfs mount " + result + "/home",
                            "zfs unmount " + result + "/home",
                            "zfs set mountpoint=" + draft.rootfs() + " " + result + "/home",
                            "zfs mount " + result + "/home",
                            "zfs unmount " + result + "/brew",
                            "zfs set mountpoint=" + local + " " + result + "/brew",
                            "zfs mount " + result + "/brew");
            assertThat(home).doesNotExist();
            assertThat(prefix).isEmptyDirectory();
            draft.commit();
        }
        try (Store.View view = store.open(id(2))) {
            assertThat(view.rootfs().resolve("made")).exists();
            assertThat(view.rootfs().resolve("local/installed")).exists();
        }
        try (Store.View view = store.open(id(1))) {
            assertThat(view.rootfs().resolve("local/installed")).doesNotExist();
        }
    }
}
