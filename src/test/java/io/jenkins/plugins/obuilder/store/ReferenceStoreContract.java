package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store promises of one that OBuilder filled, and left when it was killed in the middle of a step. */
abstract class ReferenceStoreContract {
    /** The base image; a step that wrote {@code /one}; one on that which printed it and changed nothing. */
    protected static final List<SnapshotId> CHAIN = List.of(
            new SnapshotId("9d75f0d7c398df565d7ac04c6819b62d6d8f9560f5eb4672596ecd8f7e96ae91"),
            new SnapshotId("9ee6eff696872528e95c40d7a3e0667a582c088689631a0c335d56ce8c3cef21"),
            new SnapshotId("6d1afa55cf4e36e151f6f8f4a147865313a14cd011911fedbdf03bec00d618af"));

    protected static final SnapshotId LAST = CHAIN.get(2);
    protected static final SnapshotId OURS = new SnapshotId("1".repeat(64));
    protected static final int ALL = 6;

    protected Path root;

    abstract String kind();

    /** Makes the directory, and whatever must be there before the archive is unpacked into it. */
    void prepare(Path archive) throws IOException {
        Files.createDirectory(root);
    }

    /** Makes what was unpacked what it was. */
    void finish() throws IOException {}

    @BeforeEach
    void unpack() throws IOException {
        // Some links in it are absolute.
        root = Path.of("/tmp/reference-" + kind());
        Path archive = Path.of("src/test/resources/reference-store/" + kind() + "-killed.tar.xz")
                .toAbsolutePath();
        prepare(archive);
        Tools.run(root, "tar", "--numeric-owner", "-xf", archive.toString());
        finish();
    }

    @AfterEach
    void remove() throws IOException {
        Tools.run(Path.of("/"), "rm", "-rf", "--one-file-system", root.toString());
    }

    protected SharedStore open() throws IOException {
        return Stores.open(kind() + ":" + root, new SystemCommands());
    }

    protected Connection database() throws Exception {
        return DriverManager.getConnection("jdbc:sqlite:" + root.resolve("state/db/db.sqlite"));
    }

    /** Makes a result on the last one that only prints what is in the file {@code one}, and adds another. */
    protected void build(Store store) throws IOException {
        try (Store.Draft draft = store.begin(OURS, Optional.of(LAST))) {
            assertThat(draft.rootfs().resolve("one")).hasContent("one");
            Files.writeString(draft.rootfs().resolve("two"), "two");
            Files.writeString(draft.log(), "ours");
            draft.commit();
        }
    }

    @Test
    void everyResultIsFoundAndTheDatabaseKept() throws IOException {
        try (SharedStore store = open()) {
            assertThat(store.isMadeByReference()).isTrue();
            assertThat(store.list()).hasSize(ALL);
            List<Index.Row> rows = store.index().all();
            assertThat(rows).hasSize(ALL);
            Instant now = Instant.now().minusSeconds(2);
            for (Index.Row row : rows) {
                Store.Snapshot found = store.find(row.id()).orElseThrow();
                assertThat(found.log()).exists();
                assertThat(Files.readString(found.env())).startsWith("((env ((PATH ");
                Index.Row after = store.index().row(row.id()).orElseThrow();
                assertThat(after.created()).isEqualTo(row.created()).isBefore(now);
                assertThat(after.used()).isAfter(now);
                assertThat(after.parent()).isEqualTo(row.parent());
                assertThat(after.children()).isEqualTo(row.children());
            }
            assertThat(store.index().row(LAST).orElseThrow().parent()).contains(CHAIN.get(1));
            assertThat(store.find(LAST).orElseThrow().log()).hasContent("one");
            try (Store.View view = store.open(LAST)) {
                assertThat(view.rootfs().resolve("one")).hasContent("one");
                assertThat(view.rootfs().resolve("bin/sh")).isSymbolicLink();
            }
        }
    }

    @Test
    void whatWasLeftInTheMiddleIsRemoved() throws IOException {
        try (SharedStore store = open()) {
            store.repair();
            for (String name : List.of("result-tmp", "cache-tmp", "in-progress", "merged", "work")) {
                if (Files.exists(root.resolve(name))) {
                    assertThat(root.resolve(name)).isEmptyDirectory();
                }
            }
            assertThat(store.list()).hasSize(ALL);
        }
    }

    @Test
    void cachesAreFoundByTheirNames() throws IOException {
        try (SharedStore store = open()) {
            try (Store.CacheDraft cache = store.cache("dl", new Op.User.Ids(12, 34))) {
                assertThat(cache.directory().resolve("f")).hasContent("x");
                assertThat(Files.getAttribute(cache.directory(), "unix:uid")).isEqualTo(12);
                Files.writeString(cache.directory().resolve("g"), "y");
                cache.publish();
            }
            assertThat(store.caches()).hasSize(2);
        }
    }

    @Test
    void oursAreBuiltOnTheirsAndDeletedWithThem() throws IOException {
        try (SharedStore store = open()) {
            build(store);
        }
        try (SharedStore store = open()) {
            assertThat(store.isMadeByReference()).isTrue();
            assertThat(store.find(OURS).orElseThrow().parent()).contains(LAST);
            try (Store.View view = store.open(OURS)) {
                assertThat(view.rootfs().resolve("one")).hasContent("one");
                assertThat(view.rootfs().resolve("two")).hasContent("two");
            }
            store.deleteAll(CHAIN.get(0), gone -> {});
            assertThat(root.resolve("result")).isEmptyDirectory();
            assertThat(store.index().all()).isEmpty();
        }
    }

    @Test
    void saysThatOBuilderHasItInUse() throws Exception {
        open().close();
        try (Connection other = database();
                Statement statement = other.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("SELECT count(*) FROM builds");
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another program has the store in use, such as OBuilder itself")
                    .hasMessageNotContaining("remove the file");
        }
        open().close();
    }

    /** Where results are whole copies of one another. */
    abstract static class OfCopies extends ReferenceStoreContract {
        private static final SnapshotId THEIRS = new SnapshotId("2".repeat(64));

        /** Copies the directory of a result as the reference does. */
        abstract void copy(Path result, Path copy) throws IOException;

        /** It copies the link to the parent, too, which does not tell the copy's. */
        @Test
        void theirsAreBuiltOnOurs() throws Exception {
            Instant created = Instant.parse("2026-01-02T03:04:05Z");
            try (SharedStore store = open()) {
                build(store);
            }
            Path results = root.resolve("result");
            copy(results.resolve(OURS.hex()), results.resolve(THEIRS.hex()));
            try (Connection database = database();
                    Statement statement = database.createStatement()) {
                statement.execute("INSERT OR REPLACE INTO builds VALUES ('" + THEIRS + "', '2026-01-02 03:04:05',"
                        + " '2026-01-02 03:04:05', 0, '" + OURS + "')");
                statement.execute("UPDATE builds SET rc = rc + 1 WHERE id = '" + OURS + "'");
            }
            try (SharedStore store = open()) {
                assertThat(store.find(THEIRS)).isPresent();
                Index.Row row = store.index().row(THEIRS).orElseThrow();
                assertThat(row.parent()).contains(OURS);
                assertThat(row.created()).isEqualTo(created);
                assertThat(row.used()).isAfter(created);
                assertThat(store.index().repairCounts()).isZero();
            }
            Files.delete(root.resolve("state/db/db.sqlite"));
            try (SharedStore store = open()) {
                assertThat(store.snapshots()).hasSize(ALL + 2);
                assertThat(store.index().row(THEIRS).orElseThrow().parent()).isEmpty();
                assertThat(store.index().children(LAST)).containsExactly(OURS);
            }
        }
    }
}
