package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.Store;
import io.jenkins.plugins.obuilder.store.Stores;
import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code doctor} on real stores to which all was done by hand that can be wrong. */
@Needs({Need.PRIVATE_ROOT, Need.RSYNC, Need.OVERLAYFS, Need.BTRFS, Need.XFS, Need.LOOP_DEVICES})
class DoctorTest {
    private static final String DEAD = "deadbeef0000-1";

    @TempDir
    Path directory;

    private Path root;
    private String name;
    private String temporaries;
    private LoopDisk disk;
    private final Shell shell = new Shell();

    /** 2 is built on 1, 3 and 4 on 2. */
    private void make(String kind) throws IOException {
        root = directory.resolve("disk/store");
        if (kind.equals("btrfs") || kind.equals("xfs")) {
            disk = LoopDisk.mount(directory.resolve("image"), 320, root.getParent(), "mkfs." + kind, "-q");
        }
        name = kind + ":" + root;
        temporaries = kind.equals("overlayfs") ? "in-progress" : "result-tmp";
        try (SharedStore store = open()) {
            make(store, 1, null);
            make(store, 2, 1);
            make(store, 3, 2);
            make(store, 4, 2);
        }
    }

    @AfterEach
    void unmount() throws IOException {
        if (disk != null) {
            disk.close();
        }
    }

    private SharedStore open() throws IOException {
        return Stores.open(name, new SystemCommands());
    }

    private static void make(SharedStore store, int n, Integer base) throws IOException {
        try (Store.Draft draft = store.begin(id(n), Optional.ofNullable(base).map(DoctorTest::id))) {
            Files.writeString(draft.rootfs().resolve("file" + n), "x");
            draft.commit();
        }
    }

    private static SnapshotId id(int n) {
        return new SnapshotId(String.format("%064x", n));
    }

    private void index(String... statements) throws Exception {
        try (Connection index = DriverManager.getConnection("jdbc:sqlite:" + root.resolve("state/db/db.sqlite"));
                Statement statement = index.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private void sh(String script) throws IOException {
        Tools.run(root, "sh", "-ec", script);
    }

    private int doctor(Object... more) {
        Object[] arguments = new Object[more.length + 3];
        arguments[0] = "doctor";
        arguments[1] = "--store";
        arguments[2] = name;
        System.arraycopy(more, 0, arguments, 3, more.length);
        return shell.run(arguments);
    }

    /** Kind and object of each finding. */
    private List<String> findings() throws IOException {
        assertThat(doctor("--json")).isEqualTo(1);
        return JSON.std.listFrom(shell.out()).stream()
                .map(one -> (Map<?, ?>) one)
                .filter(one -> one.containsKey("what"))
                .map(one -> one.get("check") + " "
                        + one.get("what").toString().replace(root + "/", "").replaceFirst("^0{63}", ""))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsync", "overlayfs", "btrfs", "xfs"})
    void tellsAllThatIsWrongAndMendsIt(String kind) throws Exception {
        make(kind);
        assertThat(doctor()).as(shell.out()).isZero();
        assertThat(shell.out())
                .isEqualTo("ok   store                " + name + " works\n"
                        + "ok   findings             none: index, files and permissions are as they should be\n");

        index(
                "insert into builds values ('" + id(9) + "', '2020-01-01 00:00:00', '2020-01-01 00:00:00', 0, null)",
                "delete from builds where id = '" + id(4) + "'",
                "update builds set rc = 7 where id = '" + id(1) + "'");
        sh("mkdir " + temporaries + "/" + DEAD + " cache-tmp/" + DEAD + "; echo x > cache-tmp/" + DEAD + "/file;"
                + " echo x > thesis.tex; mkdir result/notes; chmod 755 .; chmod 777 result; chown 1 cache");
        if (kind.equals("overlayfs")) {
            sh("mkdir merged/" + DEAD + "; mount -t tmpfs tmpfs merged/" + DEAD);
        }
        List<String> expected = List.of(
                "row-without-snapshot 9",
                "wrong-count 1",
                "wrong-count 2",
                "snapshot-without-row 4",
                "left-over " + temporaries + "/" + DEAD,
                "left-over cache-tmp/" + DEAD,
                "permissions " + root,
                "permissions cache",
                "permissions result",
                "foreign thesis.tex",
                "foreign result/notes");
        assertThat(findings())
                .containsAll(expected)
                .hasSize(kind.equals("overlayfs") ? expected.size() + 1 : expected.size());
        // Looking has changed nothing, however often.
        assertThat(findings()).containsAll(expected);
        assertThat(doctor()).isEqualTo(1);
        assertThat(shell.out())
                .contains("no   foreign              " + root
                        + "/thesis.tex: this does not belong to the store; move it elsewhere\n")
                .contains("; --repair mends ");

        assertThat(doctor("--repair")).isEqualTo(1);
        assertThat(shell.out())
                .contains("ok   removed              " + root + "/" + temporaries + "/" + DEAD + "\n")
                .contains("no   repair               2 left: " + root + "/thesis.tex, " + root + "/result/notes\n");
        assertThat(findings()).containsExactlyInAnyOrder("foreign thesis.tex", "foreign result/notes");
        assertThat(root.resolve("thesis.tex")).exists();
        sh("rm thesis.tex; rmdir result/notes");
        assertThat(doctor("--repair")).as(shell.out()).isZero();
        assertThat(doctor("--json")).isZero();
        assertThat(Mounts.within(root)).isEmpty();
        try (SharedStore store = open()) {
            assertThat(store.list()).containsExactlyInAnyOrder(id(1), id(2), id(3), id(4));
            assertThat(store.snapshots()).hasSize(4);
        }
    }

    @Test
    void aNameThatIsOnlyAsLongAsAnIdIsForeign() throws Exception {
        make("rsync");
        String name = "X".repeat(64);
        sh("mkdir result/" + name);
        assertThat(findings()).containsExactly("foreign result/" + name);
        try (SharedStore store = open()) {
            assertThat(store.list()).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsync", "overlayfs", "btrfs"})
    void snapshotsThatAreOfNoUseGo(String kind) throws Exception {
        make(kind);
        if (kind.equals("btrfs")) {
            sh("btrfs property set -ts result/" + id(2) + " ro false");
        }
        sh("rm -r result/" + id(2) + (kind.equals("overlayfs") ? "" : "/rootfs"));
        List<String> broken = findings().stream()
                .filter(finding -> finding.startsWith("broken-snapshot"))
                .toList();
        if (kind.equals("overlayfs")) {
            assertThat(broken).containsExactlyInAnyOrder("broken-snapshot 3", "broken-snapshot 4");
        } else {
            assertThat(broken).containsExactly("broken-snapshot 2");
        }
        assertThat(doctor("--repair")).as(shell.out()).isZero();
        assertThat(shell.out()).contains("ok   removed              the snapshot " + id(3) + "\n");
        try (SharedStore store = open()) {
            assertThat(store.list()).containsExactly(id(1));
            make(store, 2, 1);
        }
        assertThat(doctor()).as(shell.out()).isZero();
    }

    /** What a build is making just now is no finding, and --repair leaves it alone. */
    @ParameterizedTest
    @ValueSource(strings = {"rsync", "overlayfs"})
    void aBuildThatRunsIsNotHarmed(String kind) throws Exception {
        make(kind);
        try (SharedStore neighbour = open();
                Store session = neighbour.session();
                Store.Draft draft = session.begin(id(5), Optional.of(id(4)))) {
            Files.writeString(draft.rootfs().resolve("file5"), "x");
            // As it is in the moment of the commit.
            neighbour.index().add(id(5), Optional.of(id(4)), java.time.Instant.now());
            assertThat(doctor()).as(shell.out()).isZero();
            assertThat(doctor("--repair")).as(shell.out()).isZero();
            draft.commit();
        }
        assertThat(doctor()).as(shell.out()).isZero();
        try (SharedStore store = open();
                Store.View view = store.open(id(5))) {
            assertThat(view.rootfs().resolve("file5")).exists();
        }
    }

    @Test
    void aStoreThatCannotBeUsedIsTold() throws Exception {
        make("rsync");
        String marker = Files.readString(root.resolve("state/format"));
        Files.writeString(root.resolve("state/format"), marker.replace("version=1", "version=2"));
        assertThat(doctor("--repair")).isEqualTo(1);
        assertThat(shell.out())
                .startsWith("no   store                cannot use the store of ")
                .contains(
                        "its version is \"2\" and this program knows 1; use the program that made it, or a newer one");
        assertThat(doctor("--json")).isEqualTo(1);
        assertThat(JSON.std.listFrom(shell.out()).get(0).toString()).contains("check=store", "ok=false", "version");

        Files.writeString(root.resolve("state/format"), marker.replace("kind=rsync", "kind=btrfs"));
        assertThat(doctor()).isEqualTo(1);
        assertThat(shell.out())
                .contains("the store in " + root + " is of the kind btrfs, not rsync: name it btrfs:" + root);
        name = "btrfs:" + root;
        assertThat(doctor()).isEqualTo(1);
        assertThat(shell.out())
                .contains("cannot keep a store of the kind btrfs in " + root)
                .contains(", not btrfs");
        assertThat(shell.run("doctor", "--repair")).isEqualTo(2);
        assertThat(shell.err()).contains("--repair: which store?");
    }
}
