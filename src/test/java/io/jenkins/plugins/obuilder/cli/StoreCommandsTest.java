package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.obuilder.host.LinuxMounts;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.Store;
import io.jenkins.plugins.obuilder.store.Stores;
import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ls}, {@code df}, {@code prune}, {@code delete} and {@code clean} on a store that was filled beforehand. */
@Needs({Need.PRIVATE_ROOT, Need.RSYNC})
class StoreCommandsTest {
    @TempDir
    Path directory;

    private String name;
    private final Shell shell = new Shell();

    /** 2 is built on 1, 3 on 2 and 4 on 1; each was last used on its day of January 2020. */
    @BeforeEach
    void fill() throws IOException {
        name = "rsync:" + directory.resolve("store");
        try (SharedStore store = open()) {
            make(store, 1, null);
            make(store, 2, 1);
            make(store, 3, 2);
            make(store, 4, 1);
            try (Store.CacheDraft cache = store.cache("downloads", new Op.User.Ids(0, 0))) {
                cache.publish();
            }
        }
    }

    private SharedStore open() throws IOException {
        return Stores.open(name, new SystemCommands());
    }

    private static SnapshotId id(int n) {
        return new SnapshotId(String.format("%064x", n));
    }

    private static void make(SharedStore store, int n, Integer base) throws IOException {
        Optional<SnapshotId> on = Optional.ofNullable(base).map(StoreCommandsTest::id);
        try (Store.Draft draft = store.begin(id(n), on)) {
            draft.commit();
        }
        store.index().touch(id(n), on, Instant.parse("2020-01-0" + n + "T12:00:00Z"));
    }

    private List<SnapshotId> left() throws IOException {
        try (SharedStore store = open()) {
            return store.list().stream().sorted().toList();
        }
    }

    private int run(String command, Object... more) {
        Object[] arguments = new Object[more.length + 3];
        arguments[0] = command;
        arguments[1] = "--store";
        arguments[2] = name;
        System.arraycopy(more, 0, arguments, 3, more.length);
        return shell.run(arguments);
    }

    @Test
    void lsPrintsATable() {
        assertThat(run("ls")).as(shell.err()).isZero();
        List<String> lines = shell.out().lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).matches("ID +CREATED +USED +BUILT ON +CHILDREN");
        assertThat(lines.get(1)).matches(id(1) + "  20\\d\\d-.{11}  2020-01-01 \\d\\d:00  -  +2");
        assertThat(lines.get(3)).matches(id(3) + "  20\\d\\d-.{11}  2020-01-03 \\d\\d:00  000000000000  0");
    }

    @Test
    void lsPrintsJson() throws IOException {
        try (SharedStore store = open();
                Store session = store.session()) {
            session.open(id(3)).close();
            assertThat(run("ls", "--json")).isZero();
        }
        List<Object> rows = JSON.std.listFrom(shell.out());
        assertThat(rows).hasSize(4);
        assertThat((Map<?, ?>) rows.get(0))
                .isEqualTo(Map.of(
                        "id",
                        id(1).hex(),
                        "created",
                        ((Map<?, ?>) rows.get(0)).get("created"),
                        "used",
                        "2020-01-01T12:00:00Z",
                        "children",
                        2,
                        "inUse",
                        false));
        Map<?, ?> third = (Map<?, ?>) rows.get(2);
        assertThat(third.get("parent")).isEqualTo(id(2).hex());
        assertThat(third.get("inUse")).isEqualTo(true);
    }

    @Test
    void lsOfAnEmptyStore() {
        run("clean");
        assertThat(run("ls", "--json")).isZero();
        assertThat(shell.out()).isEqualTo("[]\n");
        assertThat(run("ls")).isZero();
        assertThat(shell.out().lines()).hasSize(1);
    }

    @Test
    void dfTellsWhatThereIs() throws IOException {
        assertThat(run("df", "--json")).isZero();
        assertThat(JSON.std.mapFrom(shell.out()))
                .containsEntry("store", name)
                .containsEntry("snapshots", 4)
                .containsEntry("leaves", 2)
                .containsEntry("inUse", 0)
                .containsEntry("caches", 1)
                .containsEntry("total", directory.toFile().getTotalSpace());
        assertThat(run("df")).isZero();
        assertThat(shell.out()).contains("store      " + name).contains(" %)").contains("snapshots  4, ");
    }

    @ParameterizedTest
    @CsvSource({
        "--before 2020-01-02, 1 2 3 4", // nothing is built on 3 and 4 alone
        "--before 2020-01-04T11:59:59Z, 1 4",
        "--before 2020-01-05T00:00:00+02:00, ''",
        "--before '2020-01-04 00:00', 1 4",
        "--max-items 3, 1 2 4",
        "--max-items 4, 1 2 3 4",
        "--max-items 0, ''",
        "--limit 1, 1 2 4",
        "--limit 3 --before 2020-01-03T13:00:00Z, 1 4",
        "--keep-free 1K, 1 2 3 4",
        "--keep-free 1K --max-items 2, 1 4",
    })
    void pruneDeletes(String options, String expected) throws IOException {
        assertThat(run("prune", (Object[]) words(options))).as(shell.err()).isZero();
        String kept = String.join(
                " ", left().stream().map(id -> id.hex().replaceFirst("^0+", "")).toList());
        assertThat(kept).isEqualTo(expected);
        assertThat(shell.out()).contains(", " + left().size() + " left").contains("free: ");
    }

    @Test
    void aDryRunDeletesNothing() throws IOException {
        assertThat(run("prune", "--dry-run", "--max-items", 1)).isZero();
        assertThat(shell.out()).isEqualTo(id(3) + "\n" + id(2) + "\n" + id(4) + "\n");
        assertThat(shell.err()).isEqualTo("obuilder: would delete 3 snapshots, 1 would be left\n");
        assertThat(left()).hasSize(4);
        try (SharedStore store = open();
                Store session = store.session()) {
            session.open(id(3)).close();
            assertThat(run("prune", "--dry-run", "--json", "--before", "2020-01-04T13:00:00Z"))
                    .isZero();
        }
        assertThat(JSON.std.mapFrom(shell.out()))
                .containsEntry("deleted", 1)
                .containsEntry("inUse", 1)
                .containsEntry("left", 3)
                .containsEntry("ids", List.of(id(4).hex()));
        assertThat(run("prune", "--dry-run", "--keep-free", "1%")).isEqualTo(2);
        assertThat(run("prune", "--json", "--max-items", 2)).isZero();
        assertThat(JSON.std.mapFrom(shell.out()))
                .containsEntry("ids", List.of(id(3).hex(), id(2).hex()))
                .containsEntry("enough", true)
                .containsKeys("free", "freeBefore", "total");
        assertThat(left()).containsExactly(id(1), id(4));
    }

    /** Quotes keep a word with a space together. */
    private static String[] words(String line) {
        return Pattern.compile("'([^']*)'|\\S+")
                .matcher(line)
                .results()
                .map(word -> word.group(1) == null ? word.group() : word.group(1))
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                     | 2 | what to keep?",
                "--before yesterday     | 2 | write a day (20",
                "--before 2020-13-01    | 2 | a local time (20",
                "--keep-free lots       | 2 | write a size such as 500M or 20G, or a share such as 10%",
                "--keep-free 101%       | 2 | the file system has only",
                "--keep-free 1000P      | 2 | the file system has only",
                "--max-items -1         | 2 | --max-items -1: it cannot be less than 0",
                "--max-items x          | 2 | is no whole number",
                "--keep-free 100%       | 1 | this is not enough for --keep-free 100%",
                "--max-items 1 --limit 1| 1 | this is not enough for --max-items 1",
            })
    void pruneTellsMistakes(String options, int status, String message) {
        assertThat(run("prune", (Object[]) words(options.equals("''") ? "" : options)))
                .isEqualTo(status);
        assertThat(shell.err()).contains(message).doesNotContain("\tat ");
    }

    @Test
    void deleteTakesAllThatWasBuiltOnIt() throws IOException {
        assertThat(run("delete", id(2))).isZero();
        assertThat(shell.out()).isEqualTo(id(3) + "\n" + id(2) + "\n");
        assertThat(left()).containsExactly(id(1), id(4));
        assertThat(run("delete", id(2))).isEqualTo(1);
        assertThat(shell.err()).isEqualTo("obuilder: there is no snapshot " + id(2) + " in " + name + "\n");
        assertThat(run("delete", "12")).isEqualTo(2);
        assertThat(shell.err()).contains("not a snapshot id");
    }

    @Test
    void deleteRefusesWhatABuildUses() throws IOException {
        try (SharedStore store = open();
                Store session = store.session()) {
            session.find(id(3));
            assertThat(run("delete", id(1))).isEqualTo(1);
        }
        assertThat(shell.err()).contains("a build uses " + id(3) + " just now; nothing was deleted");
        assertThat(left()).hasSize(4);
    }

    /** What somebody has mounted in a snapshot or a cache is not deleted with it, and all else is. */
    @Test
    void cleanLeavesWhatIsBusyAndSaysSo() throws IOException {
        Path thesis = Files.createDirectory(directory.resolve("thesis"));
        Files.writeString(thesis.resolve("thesis.tex"), "");
        List<Path> places = List.of(
                directory.resolve("store/result/" + id(3) + "/rootfs"), directory.resolve("store/cache/downloads"));
        for (Path place : places) {
            LinuxMounts.bind(thesis, place);
        }
        try {
            assertThat(run("clean", "--all")).isEqualTo(1);
        } finally {
            for (Path place : places) {
                Mounts.unmount(place);
            }
        }
        assertThat(shell.out()).startsWith("deleted 0 caches\ndeleted 1 snapshot, 3 left\n");
        assertThat(shell.err())
                .contains("obuilder: warning: the cache downloads is left: ")
                .contains("obuilder: warning: the snapshot " + id(3) + " cannot be deleted now: ")
                .contains(" is mounted at " + places.get(0) + ": unmount that, and try again\n")
                .endsWith("obuilder: not all could be deleted: 1 snapshot left to the next pruning\n");
        assertThat(thesis.resolve("thesis.tex")).exists();
        assertThat(run("clean", "--all")).isZero();
        assertThat(left()).isEmpty();
    }

    @Test
    void cleanTakesSnapshotsOrCachesOrBoth() throws IOException {
        assertThat(run("clean", "--caches")).isZero();
        assertThat(shell.out()).isEqualTo("deleted 1 cache\n");
        assertThat(left()).hasSize(4);
        try (SharedStore store = open();
                Store session = store.session()) {
            session.find(id(4));
            assertThat(run("clean")).isZero();
            assertThat(shell.out()).startsWith("deleted 2 snapshots, 2 left, of which running builds use 1\n");
            assertThat(left()).containsExactly(id(1), id(4));
            try (Store.CacheDraft cache = store.cache("again", new Op.User.Ids(0, 0))) {
                cache.publish();
            }
        }
        assertThat(run("clean", "--all")).isZero();
        assertThat(shell.out()).startsWith("deleted 1 cache\ndeleted 2 snapshots, 0 left\n");
        assertThat(run("clean", "--all", "--caches")).isEqualTo(2);
        try (SharedStore store = open()) {
            assertThat(store.caches()).isEmpty();
            assertThat(store.repair()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"ls", "df", "clean", "'prune --limit 1'"})
    void noneMakesAStoreThatIsNotThere(String command) {
        name = "rsync:" + directory.resolve("typo");
        String[] words = words(command);
        assertThat(run(words[0], (Object[]) Arrays.copyOfRange(words, 1, words.length)))
                .isEqualTo(1);
        assertThat(shell.err()).isEqualTo("obuilder: there is no store " + name + " yet: the first build makes it\n");
        assertThat(directory.resolve("typo")).doesNotExist();
    }

    @Test
    @Needs({Need.RUNC, Need.BUSYBOX_STATIC})
    void aRunningBuildKeepsWhatItIsBuiltOn() throws IOException {
        Path base = BusyboxTree.make(directory.resolve("busybox"));
        Workbench bench = new Workbench(directory, "rsync").with("--image", "busybox=dir:" + base);
        bench.mustBuild(Specs.spec(Specs.run("echo first"), Specs.run("echo other")));
        name = "rsync:" + bench.store();
        String spec = Specs.spec(Specs.run("echo first"), Specs.run("echo begun; sleep 1000"));
        try (EngineProcess build = bench.start(spec)) {
            build.awaitOutput("begun\n");
            assertThat(run("prune", "--max-items", 0)).isEqualTo(1);
            assertThat(shell.out()).startsWith("deleted 1 snapshot, 2 left, of which running builds use 1\n");
            build.signal("INT");
            assertThat(build.join()).isEqualTo(130);
        }
        assertThat(run("prune", "--max-items", 0)).as(shell.out()).isZero();
        assertThat(left()).isEmpty();
        bench.assertNothingTemporary();
    }

    @Test
    void everyOptionIsHelped() {
        for (String command : List.of("ls", "df", "prune", "delete", "clean")) {
            assertThat(shell.run(command, "--help")).isZero();
            assertThat(shell.out()).contains("--store=STORE");
        }
    }
}
