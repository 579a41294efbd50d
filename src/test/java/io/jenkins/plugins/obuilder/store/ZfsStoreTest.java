package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.ZfsPool;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On OpenZFS where the kernel has it, else on zfs-fuse: then one command at a time. */
@Needs({Need.PRIVATE_ROOT, Need.ZFS})
@Timeout(600)
class ZfsStoreTest extends KillContract {
    @TempDir
    static Path shared;

    private static ZfsPool zfs;
    private static int tests;

    @BeforeAll
    static void start() throws IOException {
        zfs = ZfsPool.make(shared, 2048);
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

    @Override
    SharedStore hurried() throws IOException {
        return new SharedStore(new ZfsStore(
                name(root).substring("zfs:".length()),
                new ZfsCommands(new SystemCommands(), Duration.ofMillis(500), Duration.ofMinutes(2))));
    }

    /** By a shell that stands in it. */
    @Override
    Closeable keepBusy(SnapshotId id) throws Exception {
        zfs("mount", dataset(root) + "/result/" + id);
        Process shell = new ProcessBuilder("sleep", "7408")
                .directory(root.resolve("result/" + id + "/rootfs").toFile())
                .start();
        return () -> {
            try {
                shell.destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    @Override
    String whoKeeps(SnapshotId id) {
        return "(sleep): end that, and try again";
    }

    /** What was just used is busy for a moment. */
    private static ZfsCommands patient() {
        return new ZfsCommands(new SystemCommands());
    }

    static String zfs(String... arguments) throws IOException {
        return new SystemCommands()
                .run(HostCommand.of("look at a pool", "zfs").args(arguments))
                .text();
    }

    private static String dataset(Path directory) {
        return directory.startsWith(zfs.root())
                ? ZfsPool.NAME + "/" + zfs.root().relativize(directory)
                : directory.getParent().getFileName().toString().replace("pool-", "") + "/" + directory.getFileName();
    }

    @Override
    Path smallPlace() throws IOException {
        return zfs.another("small" + tests, 200);
    }

    /** zfs-fuse keeps whole seconds; OpenZFS all of it. */
    @Override
    String fractionOfSecond() {
        return ZfsPool.isReal() ? super.fractionOfSecond() : "000000000";
    }

    @Override
    int deep() {
        return super.deep() / 10;
    }

    @Override
    Process endless(long seed, Path output, boolean deleting) throws IOException {
        return deleting
                ? StoreStress.startEndlessDeleting(name(root), seed, output, !ZfsPool.isReal())
                : StoreStress.startEndless(name(root), seed, output, !ZfsPool.isReal());
    }

    /** Dozens of commands take that long. */
    @Override
    int latestKill() {
        return 3000;
    }

    /** Each dataset is one of the store's own, a finished result or a cache; and only the store's own are mounted. */
    @Override
    void assertNothingTemporary() throws IOException {
        Set<String> expected = new TreeSet<>(List.of(""));
        ZfsDatasets.GROUPS.forEach(group -> expected.add("/" + group));
        store.list().forEach(id -> expected.add("/result/" + id));
        store.caches().forEach(cache -> expected.add("/cache/" + cache));
        assertThat(datasets()).containsExactlyElementsOf(expected);
        assertThat(Mounts.within(root)).hasSize(1 + ZfsDatasets.GROUPS.size());
        for (String place : List.of("state/drafts", "state/locks", "state/leases")) {
            assertThat(root.resolve(place)).isEmptyDirectory();
        }
        try (Stream<Path> files = Files.list(root.resolve("state/files"))) {
            assertThat(files).hasSameSizeAs(store.list());
        }
    }

    /** Their names without that of the store. */
    private Set<String> datasets() throws IOException {
        String store = dataset(root);
        return zfs("list", "-H", "-o", "name", "-r", store)
                .lines()
                .map(name -> name.substring(store.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Thousands of mounts would make each command slow, and the start of the system. */
    @Test
    void onlyWhatIsWorkedOnIsMounted() throws Exception {
        int idle = Mounts.within(root).size();
        for (int n = 1; n <= 6; n++) {
            build(n, n == 1 ? null : n - 1, rootfs -> {
                Files.writeString(rootfs.resolve("file"), "x");
                assertThat(Mounts.within(root)).hasSize(idle + 1);
            });
            assertThat(store.find(id(n))).isPresent();
            assertThat(read(id(n), "file")).isEqualTo("x");
            assertThat(Mounts.within(root)).hasSize(idle);
        }
        // As the reference leaves them, and as they are when somebody has looked at one.
        String idleResult = dataset(root) + "/result/" + id(3);
        zfs("set", "canmount=on", idleResult);
        zfs("mount", idleResult);
        store.repair();
        assertThat(Mounts.within(root)).hasSize(idle);
        store.close();
        store = open(root);
        assertThat(Mounts.within(root)).hasSize(idle);
    }

    /** Under more load zfs-fuse takes datasets for busy until its daemon is started again. */
    @Override
    void stressed() throws Exception {
        if (ZfsPool.isReal()) {
            super.stressed();
            return;
        }
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
        zfs("create", ZfsPool.NAME + "/foreign");
        Files.writeString(zfs.root().resolve("foreign/precious"), "");
        assertThatThrownBy(() -> Stores.open("zfs:" + ZfsPool.NAME + "/foreign", new SystemCommands()))
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

    /** Clones and holds of whoever wants to keep something: they are named, and that is not touched. */
    @Test
    void whatAStrangerClonesOrHoldsIsLeft() throws Exception {
        for (int n = 1; n <= 4; n++) {
            build(n, null, rootfs -> Files.writeString(rootfs.resolve("file"), "x"));
        }
        store.close();
        store = hurried();
        String results = dataset(root) + "/result/";
        String clone = ZfsPool.NAME + "/look" + tests;
        zfs("clone", results + id(1) + "@snap", clone);
        zfs("hold", "mine", results + id(2) + "@snap");
        Pruning.Report report = store.prune(Pruning.Limits.everything(), new Cancellation());
        assertThat(report.ids()).containsExactly(id(3), id(4));
        assertThat(report.undeletable())
                .extracting(Pruning.Undeletable::why)
                .containsExactly(
                        "the snapshot " + id(1) + " cannot be deleted now: " + clone + " is a clone of it (zfs destroy "
                                + clone + ")",
                        "the snapshot " + id(2) + " cannot be deleted now: somebody holds it (zfs holds " + results
                                + id(2) + "@snap)");
        assertThat(store.list()).containsExactlyInAnyOrder(id(1), id(2));
        zfs("release", "mine", results + id(2) + "@snap");
        patient().destroy(clone);
        assertThat(store.prune(Pruning.Limits.everything(), new Cancellation()).ids())
                .containsExactly(id(1), id(2));
    }

    /** Neither the next build nor the next pruning waits for it, and its time comes. */
    @Test
    @Tag("long")
    void whatIsDeletedButStillClonedOrHeldGoesLater() throws Exception {
        build(1, null, rootfs -> Files.writeString(rootfs.resolve("file"), "x"));
        store.close();
        store = hurried();
        Closeable removal = store.delete(id(1));
        String gone = zfs("list", "-H", "-t", "snapshot", "-o", "name", "-r", dataset(root) + "/result-tmp")
                .strip();
        zfs("hold", "mine", gone);
        assertThatThrownBy(removal::close).hasMessageContaining("busy");
        assertThat(store.repair()).isEmpty();
        zfs("release", "mine", gone);
        String clone = ZfsPool.NAME + "/late" + tests;
        zfs("clone", gone, clone);
        assertThatThrownBy(removal::close).hasMessageContaining(clone + " is a clone of it");
        patient().destroy(clone);
        assertThat(store.repair()).containsExactly(gone.replace("@snap", ""));
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
