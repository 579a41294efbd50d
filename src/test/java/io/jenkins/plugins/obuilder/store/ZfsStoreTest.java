package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.ZfsFuse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On zfs-fuse, since Linux' own OpenZFS is a kernel module. */
@Needs({Need.PRIVATE_ROOT, Need.ZFS_FUSE})
@Timeout(300)
class ZfsStoreTest extends StoreContract {
    @TempDir
    static Path shared;

    private static ZfsFuse zfs;
    private static int tests;

    @BeforeAll
    static void start() throws IOException {
        zfs = ZfsFuse.start(shared, 2048);
    }

    @AfterAll
    static void end() throws IOException {
        zfs.close();
    }

    @Override
    @BeforeEach
    void open() throws IOException {
        root = zfs.root().resolve("a store " + ++tests);
        store = Stores.open(name(root), new SystemCommands());
    }

    @Override
    @AfterEach
    void leavesNothingMounted() throws IOException {
        store.close();
        try (SharedStore left = Stores.open(name(root), new SystemCommands())) {
            left.repair();
        }
        assertThat(Mounts.within(root))
                .extracting(mount -> Path.of(mount.path()))
                .as("nothing is mounted but what others lie in")
                .allMatch(place -> place.equals(root) || place.getParent().equals(root));
        assertThat(zfs("list", "-H", "-o", "name", "-r", dataset(root)).lines())
                .as("no temporaries are left")
                .noneMatch(name -> name.matches(".*/(result|cache)-tmp/.*"));
        assertThat(root.resolve("state/drafts")).isEmptyDirectory();
        Mounts.unmountAll(root);
        Mounts.unmountAll(temp);
    }

    static String zfs(String... arguments) throws IOException {
        return new SystemCommands()
                .run(HostCommand.of("look at a pool", "zfs").args(arguments))
                .text();
    }

    private static String dataset(Path directory) {
        return directory.startsWith(zfs.root())
                ? ZfsFuse.POOL + "/" + zfs.root().relativize(directory)
                : directory.getParent().getFileName().toString().replace("pool-", "") + "/" + directory.getFileName();
    }

    @Override
    Path smallPlace() throws IOException {
        return zfs.makePool("small" + tests, 200);
    }

    /** zfs-fuse keeps whole seconds; OpenZFS all of it. */
    @Override
    String fractionOfSecond() {
        return "000000000";
    }

    /** Under more load zfs-fuse takes datasets for busy until its daemon is started again. */
    @Override
    void stressed() throws Exception {
        for (int seed = 1; seed <= 2; seed++) {
            succeeds(StoreStress.start(name(root), seed, stress() / 12, true));
        }
    }

    @Override
    @Test
    void refusesADirectoryThatIsNoStore() throws IOException {
        Path other = Files.createDirectory(zfs.root().resolve("other"));
        Files.writeString(other.resolve("precious"), "");
        assertThatThrownBy(() -> Stores.open(name(other), new SystemCommands()))
                .hasMessageContaining("neither a store nor empty");
        zfs("create", ZfsFuse.POOL + "/foreign");
        Files.writeString(zfs.root().resolve("foreign/precious"), "");
        assertThatThrownBy(() -> Stores.open("zfs:" + ZfsFuse.POOL + "/foreign", new SystemCommands()))
                .hasMessageContaining("neither a store nor empty");
    }

    @Override
    String name(Path directory) {
        return "zfs:" + dataset(directory);
    }

    /** Told without being touched; and what a build is making is no finding. */
    @Test
    void doctorTellsWhatIsLeftAndMendsIt() throws Exception {
        build(1, null, rootfs -> {});
        assertThat(store.findings()).isEmpty();
        String left = dataset(root) + "/result-tmp/deadbeef0000-1";
        zfs("create", left);
        zfs("mount", dataset(root) + "/result/" + id(1));
        Files.writeString(root.resolve("thesis.tex"), "");
        for (int look = 0; look < 2; look++) {
            assertThat(store.findings())
                    .containsExactlyInAnyOrder(
                            new StoreFindings.Finding(StoreFindings.Kind.LEFT_OVER, left),
                            new StoreFindings.Finding(
                                    StoreFindings.Kind.LEFT_OVER, "the mount of " + dataset(root) + "/result/" + id(1)),
                            new StoreFindings.Finding(
                                    StoreFindings.Kind.FOREIGN,
                                    root.resolve("thesis.tex").toString()));
        }
        Files.delete(root.resolve("thesis.tex"));
        try (SharedStore neighbour = Stores.open(name(root), new SystemCommands());
                Store.Draft draft = neighbour.begin(id(2), Optional.of(id(1)))) {
            assertThat(store.mend()).contains(left);
            assertThat(store.findings()).isEmpty();
            Files.writeString(draft.rootfs().resolve("file"), "two");
            draft.commit();
        }
        assertThat(store.findings()).isEmpty();
        assertThat(read(id(2), "file")).isEqualTo("two");
    }

    /** zfs moves a snapshot to a clone that is made independent, and it is the snapshot that says what is finished. */
    @Test
    void whatWasNotFinishedDoesNotBecomeSoWhenItsBaseIsDeleted() throws Exception {
        build(1, null, rootfs -> Files.writeString(rootfs.resolve("file"), "one"));
        Store.View reader = store.open(id(1));
        Process killed = StoreProcess.holdingADraft(name(root), id(2), id(1));
        killed.destroyForcibly().waitFor();
        store.delete(id(1)).close();
        assertThat(store.find(id(1))).isEmpty();
        assertThat(store.find(id(2))).isEmpty();
        assertThat(Files.readString(reader.rootfs().resolve("file"))).isEqualTo("one");
        reader.close();
        store.repair();
        assertThat(zfs("list", "-H", "-r", "-o", "name", dataset(root)).lines()).hasSize(6);
    }

    @Override
    @Test
    void refusesAStoreOfAnotherVersion() throws IOException {
        Path marker = root.resolve("state/format");
        String format = Files.readString(marker);
        super.refusesAStoreOfAnotherVersion();
        Files.writeString(marker, format);
    }
}
