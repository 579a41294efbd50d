package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Boot;
import io.jenkins.plugins.obuilder.host.Cancellation;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The index' database, opened. It has a rollback journal, not a write-ahead log: that maps a file into memory, and where the disk is so full
 * that a page of it cannot be written, the system kills the process; nor could anything be deleted then to make room.
 *
 * <p>Nothing waits for the disk. A process that is killed harms nothing, but after a power cut the file may be damaged: it is looked
 * through once after each start of the system, and put aside when it is, since everything in it can be found out again but when a snapshot
 * was used.
 */
@SuppressWarnings("try") // a lock is held, not used
final class IndexFile {
    private static final Logger LOG = LoggerFactory.getLogger(IndexFile.class);
    private static final int BUSY_TIMEOUT_MS = 60_000;

    private final Path file;
    private final Path checked;

    private IndexFile(Path file) {
        this.file = file;
        checked = file.resolveSibling("checked");
    }

    /** Loads the driver's classes but not its library, whose place hangs on the store. */
    static void warmUp() {
        LOG.trace("{} {}", new JDBC(), new SQLiteConfig());
    }

    /** Opens it, making it when there is none or a damaged one. */
    static Connection open(Path file) throws SQLException, IOException {
        return new IndexFile(file).open();
    }

    private Connection open() throws SQLException, IOException {
        if (isCheckedSinceBoot()) {
            return connect();
        }
        try (FileLocks.Held held = new FileLocks(file.getParent()).lock("lock", new Cancellation())) {
            Optional<String> damage = isCheckedSinceBoot() ? Optional.empty() : damage();
            if (damage.isPresent()) {
                Path aside = file.resolveSibling(file.getFileName() + ".damaged");
                LOG.warn("the index {} is damaged ({}); it is now {} and made anew", file, damage.get(), aside);
                Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
                for (String companion : List.of("-journal", "-wal", "-shm")) {
                    Files.deleteIfExists(file.resolveSibling(file.getFileName() + companion));
                }
            }
            Connection connection = connect();
            noteChecked();
            return connection;
        }
    }

    private boolean isCheckedSinceBoot() throws IOException {
        Optional<String> boot = Boot.id();
        return boot.isPresent()
                && Files.exists(checked)
                && Files.readString(checked).equals(boot.get());
    }

    /** If that fails, as on a full disk, it is looked through once more. */
    private void noteChecked() throws IOException {
        Optional<String> boot = Boot.id();
        if (boot.isEmpty()) {
            return;
        }
        try {
            Files.writeString(checked, boot.get());
        } catch (FileSystemException e) {
            LOG.debug("cannot write {}", checked, e);
        }
    }

    private Optional<String> damage() throws SQLException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("PRAGMA quick_check(1)")) {
            String first = answer.next() ? answer.getString(1) : "no answer";
            return first.equals("ok") ? Optional.empty() : Optional.of(first);
        } catch (SQLiteException e) {
            if (e.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT
                    || e.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB) {
                return Optional.of(e.getMessage());
            }
            throw e;
        }
    }

    private Connection connect() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.TRUNCATE);
        config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        // Without this a read followed by a write in one transaction fails at once when another process has written in
        // between.
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        return config.createConnection("jdbc:sqlite:" + file);
    }
}
