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
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    public record Row(SnapshotId id, Optional<SnapshotId> parent, Instant created, Instant used, int children) {}

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

    /**
     * Adds a snapshot, and counts it on its parent, unless it is known: then only its times change, and its parent when that was not known.
     */
    public synchronized void add(SnapshotId id, Optional<SnapshotId> parent, Instant made) throws StoreException {
        String time = TIME.format(made);
        transaction("add " + id, () -> {
            // A parent whose row was lost is added first: the foreign key asks for it.
            if (parent.isPresent()) {
                insert(parent.get(), Optional.empty(), time);
            }
            boolean counted = insert(id, parent, time);
            if (!counted) {
                update("UPDATE builds SET created = ?, used = ? WHERE id = ?", time, time, id.hex());
                counted = parent.isPresent()
                        && update(
                                        "UPDATE builds SET parent = ? WHERE id = ? AND parent IS NULL",
                                        parent.get().hex(),
                                        id.hex())
                                > 0;
            }
            if (counted && parent.isPresent()) {
                update(
                        "UPDATE builds SET rc = rc + 1 WHERE id = ?",
                        parent.get().hex());
            }
        });
    }

    private boolean insert(SnapshotId id, Optional<SnapshotId> parent, String time) throws SQLException {
        return update(
                        "INSERT OR IGNORE INTO builds VALUES (?, ?, ?, 0, ?)",
                        id.hex(),
                        time,
                        time,
                        parent.map(SnapshotId::hex).orElse(null))
                > 0;
    }

    /** Notes that it was used. False when there is no row that says it was built on that parent. */
    public synchronized boolean touch(SnapshotId id, Optional<SnapshotId> parent, Instant now) throws StoreException {
        String time = TIME.format(now);
        try {
            return parent.isEmpty()
                    ? update("UPDATE builds SET used = ? WHERE id = ?", time, id.hex()) > 0
                    : update(
                                    "UPDATE builds SET used = ? WHERE id = ? AND parent = ?",
                                    time,
                                    id.hex(),
                                    parent.get().hex())
                            > 0;
        } catch (SQLException e) {
            throw failed("note in", e);
        }
    }

    public synchronized Optional<Row> row(SnapshotId id) throws StoreException {
        return rows("WHERE id = ?", id.hex()).stream().findFirst();
    }

    /** Those that were built directly on it. */
    public synchronized List<SnapshotId> children(SnapshotId id) throws StoreException {
        return rows("WHERE parent = ?", id.hex()).stream().map(Row::id).toList();
    }

    /** All rows, the longest unused first. */
    public synchronized List<Row> all() throws StoreException {
        return rows("ORDER BY used, id");
    }

    /** Removes a row and takes it off its parent's count. False, and nothing done, when there is none or something was built on it. */
    public synchronized boolean removeLeaf(SnapshotId id) throws StoreException {
        boolean[] removed = new boolean[1];
        transaction("remove " + id, () -> {
            Optional<Row> row =
                    select("WHERE id = ? AND rc = 0", id.hex()).stream().findFirst();
            removed[0] = row.isPresent();
            if (row.isPresent()) {
                update("DELETE FROM builds WHERE id = ?", id.hex());
                if (row.get().parent().isPresent()) {
                    update(
                            "UPDATE builds SET rc = rc - 1 WHERE id = ?",
                            row.get().parent().get().hex());
                }
            }
        });
        return removed[0];
    }

    /** Makes every count of children right again; returns how many were wrong. */
    public synchronized int repairCounts() throws StoreException {
        try {
            return update("UPDATE builds SET rc = n FROM"
                    + " (SELECT b.id AS i, count(child.id) AS n FROM builds AS b"
                    + " LEFT JOIN builds AS child ON child.parent = b.id GROUP BY b.id)"
                    + " WHERE id = i AND rc <> n");
        } catch (SQLException e) {
            throw failed("repair", e);
        }
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
        try {
            return select(rest, values);
        } catch (SQLException | DateTimeException e) {
            throw failed("read", e);
        }
    }

    private List<Row> select(String rest, String... values) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT id, parent, created, used, rc FROM builds " + rest)) {
            bind(query, values);
            List<Row> rows = new ArrayList<>();
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    rows.add(new Row(
                            new SnapshotId(result.getString(1)),
                            Optional.ofNullable(result.getString(2)).map(SnapshotId::new),
                            TIME.parse(result.getString(3), Instant::from),
                            TIME.parse(result.getString(4), Instant::from),
                            result.getInt(5)));
                }
            }
            return rows;
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
            update("BEGIN IMMEDIATE");
            try {
                work.run();
                update("COMMIT");
            } catch (SQLException e) {
                rollBack(e);
                throw e;
            }
        } catch (SQLException e) {
            throw failed(what + " in", e);
        }
    }

    /** On a full disk, for one, SQLite has rolled it back already. */
    private void rollBack(SQLException failure) {
        try {
            update("ROLLBACK");
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private static String advice(Exception e) {
        SQLiteErrorCode code =
                e instanceof SQLiteException sqlite ? sqlite.getResultCode() : SQLiteErrorCode.SQLITE_ERROR;
        return switch (code) {
            case SQLITE_FULL -> "";
            case SQLITE_BUSY ->
                "; another program has the store in use, such as OBuilder itself, which cannot share one: try again when that has ended";
            default -> "; the snapshots are not harmed: remove the file, and the index is made anew";
        };
    }

    private StoreException failed(String what, Exception e) {
        return new StoreException("cannot " + what + " the index " + file + ": " + e.getMessage() + advice(e), e);
    }
}
