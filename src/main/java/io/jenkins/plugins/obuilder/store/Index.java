package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * When each snapshot was made and last used, and what it was built on: what pruning needs. The table is the reference's, so that either
 * program can go on with the other's store. The store itself is the truth: whatever is missing here can be added again.
 */
public final class Index implements Closeable {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private static final String SCHEMA = "CREATE TABLE IF NOT EXISTS builds ("
            + " id TEXT PRIMARY KEY,"
            + " created DATETIME NOT NULL,"
            + " used DATETIME NOT NULL,"
            + " rc INTEGER NOT NULL,"
            + " parent TEXT,"
            + " FOREIGN KEY (parent) REFERENCES builds (id) ON DELETE RESTRICT )";
    private static final String LRU = "CREATE INDEX IF NOT EXISTS lru ON builds (rc, used)";

    private final Connection connection;
    private final Path file;

    /** One row, {@code children} being the number of snapshots built directly on it. */
    public record Row(SnapshotId id, Optional<SnapshotId> parent, String created, String used, int children) {}

    /** Opens the index, making it when there is none. */
    Index(Path file) throws IOException {
        this.file = file;
        try {
            connection = IndexFile.open(file);
            try (Statement statement = connection.createStatement()) {
                statement.execute(SCHEMA);
                statement.execute(LRU);
            }
        } catch (SQLException e) {
            throw failed("open", e);
        }
    }

    /** Adds a snapshot, and counts it on its parent, unless it is known: then only its times change. */
    public synchronized void add(SnapshotId id, Optional<SnapshotId> parent, Instant now) throws StoreException {
        String time = TIME.format(now);
        transaction("add " + id, () -> {
            // A parent whose row was lost is added first: the foreign key asks for it.
            if (parent.isPresent()) {
                update(
                        "INSERT OR IGNORE INTO builds VALUES (?, ?, ?, 0, NULL)",
                        parent.get().hex(),
                        time,
                        time);
            }
            int added = update(
                    "INSERT OR IGNORE INTO builds VALUES (?, ?, ?, 0, ?)",
                    id.hex(),
                    time,
                    time,
                    parent.map(SnapshotId::hex).orElse(null));
            if (added == 0) {
                update("UPDATE builds SET created = ?, used = ? WHERE id = ?", time, time, id.hex());
            } else if (parent.isPresent()) {
                update(
                        "UPDATE builds SET rc = rc + 1 WHERE id = ?",
                        parent.get().hex());
            }
        });
    }

    /** Notes that it was used. False when it is not known. */
    public synchronized boolean touch(SnapshotId id, Instant now) throws StoreException {
        try {
            return update("UPDATE builds SET used = ? WHERE id = ?", TIME.format(now), id.hex()) > 0;
        } catch (SQLException e) {
            throw failed("note in", e);
        }
    }

    public synchronized Optional<Row> row(SnapshotId id) throws StoreException {
        return rows("WHERE id = ?", id.hex()).stream().findFirst();
    }

    /** All rows, the longest unused first. */
    public synchronized List<Row> all() throws StoreException {
        return rows("ORDER BY used, id");
    }

    /** Snapshots on which nothing was built, last used before then, the longest unused first. */
    public synchronized List<Row> leaves(Instant before, int limit) throws StoreException {
        return rows("WHERE rc = 0 AND used < ? ORDER BY used, id LIMIT " + limit, TIME.format(before));
    }

    public synchronized List<SnapshotId> children(SnapshotId id) throws StoreException {
        return rows("WHERE parent = ?", id.hex()).stream().map(Row::id).toList();
    }

    /** Removes a row and takes it off its parent's count. Nothing may have been built on it. */
    public synchronized void remove(SnapshotId id) throws StoreException {
        transaction("remove " + id, () -> {
            update("UPDATE builds SET rc = rc - 1 WHERE id = (SELECT parent FROM builds WHERE id = ?)", id.hex());
            update("DELETE FROM builds WHERE id = ?", id.hex());
        });
    }

    /** Makes every count of children right again; returns how many were wrong. */
    public synchronized int repairCounts() throws StoreException {
        try {
            return update("UPDATE builds SET rc = (SELECT count(*) FROM builds AS child WHERE child.parent = builds.id)"
                    + " WHERE rc <> (SELECT count(*) FROM builds AS child WHERE child.parent = builds.id)");
        } catch (SQLException e) {
            throw failed("repair", e);
        }
    }

    /** The ids of all rows. */
    public synchronized Set<SnapshotId> ids() throws StoreException {
        Set<SnapshotId> ids = new HashSet<>();
        rows("").forEach(row -> ids.add(row.id()));
        return ids;
    }

    @Override
    public synchronized void close() throws StoreException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed("close", e);
        }
    }

    private List<Row> rows(String rest, String... values) throws StoreException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT id, parent, created, used, rc FROM builds " + rest)) {
            bind(query, values);
            List<Row> rows = new ArrayList<>();
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    rows.add(new Row(
                            new SnapshotId(result.getString(1)),
                            Optional.ofNullable(result.getString(2)).map(SnapshotId::new),
                            result.getString(3),
                            result.getString(4),
                            result.getInt(5)));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw failed("read", e);
        }
    }

    private int update(String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, String... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setString(i + 1, values[i]);
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    private void transaction(String what, Work work) throws StoreException {
        try {
            connection.setAutoCommit(false);
            try {
                work.run();
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw failed(what + " in", e);
        }
    }

    private StoreException failed(String what, SQLException e) {
        boolean full = e instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
        return new StoreException(
                "cannot " + what + " the index " + file + ": " + e.getMessage()
                        + (full ? "" : "; the snapshots are not harmed: remove the file, and the index is made anew"),
                e);
    }
}
