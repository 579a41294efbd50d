package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.FileStat.FileTime;
import io.jenkins.plugins.obuilder.host.Sha256;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the digests of a build context's files from build to build. One is believed while the file's size, times and inode are the same;
 * what was changed shortly before it was hashed is not remembered at all, as in git's index. Only a help: whatever is wrong with the
 * memory, files are hashed again. Thread-safe.
 */
final class CopyDigests {
    private static final Logger LOG = LoggerFactory.getLogger(CopyDigests.class);
    private static final String MAGIC = "obuilder copy digests 1\n";
    private static final int DAYS_KEPT = 30;
    private static final int LONGEST_PATH = 4096;
    private static final int DIGEST_BYTES = 32;

    private final Optional<Path> file;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final int today = (int) LocalDate.now(ZoneOffset.UTC).toEpochDay();
    private volatile boolean changed;

    /**
     * What is known of a file.
     *
     * @param day when it was last found, in days since 1970
     */
    private record Entry(State state, byte[] sha256, int day) {}

    /** What the file system says of it, less what does not change with its contents. */
    private record State(long fileSystem, long inode, long size, FileTime mtime, FileTime ctime) {
        static State of(FileStat stat) {
            return new State(stat.fileSystem(), stat.inode(), stat.size(), stat.mtime(), stat.ctime());
        }

        /** Written out: a record's own is made up at the first call in a process, and that takes a while. */
        boolean isOf(FileStat stat) {
            return fileSystem == stat.fileSystem()
                    && inode == stat.inode()
                    && size == stat.size()
                    && mtime.isSame(stat.mtime())
                    && ctime.isSame(stat.ctime());
        }
    }

    private CopyDigests(Optional<Path> file) {
        this.file = file;
    }

    /** Remembers nothing. */
    static CopyDigests none() {
        return new CopyDigests(Optional.empty());
    }

    /**
     * Those of one build context.
     *
     * @param directory where they are kept; whoever can write there decides what is believed
     */
    static CopyDigests in(Path directory, Path context) {
        Path file = directory.resolve("copy-" + Sha256.of(context.toString().getBytes(StandardCharsets.UTF_8)));
        CopyDigests digests = new CopyDigests(Optional.of(file));
        try {
            digests.load(file);
        } catch (NoSuchFileException e) {
            return digests;
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("{} is not used", file, e);
            digests.entries.clear();
        }
        return digests;
    }

    boolean knows(String path) {
        return entries.containsKey(path);
    }

    /** The digest of a file that looks like this, in hexadecimal. */
    Optional<String> recall(String path, FileStat stat) {
        Entry entry = entries.get(path);
        if (entry == null || !entry.state().isOf(stat)) {
            return Optional.empty();
        }
        if (entry.day() != today) {
            entries.put(path, new Entry(entry.state(), entry.sha256(), today));
            changed = true;
        }
        return Optional.of(HexFormat.of().formatHex(entry.sha256()));
    }

    /** @param hashedAt when that began, in nanoseconds since 1970 */
    void remember(String path, FileStat stat, String sha256, long hashedAt) {
        if (file.isPresent() && path.length() <= LONGEST_PATH && FileAge.isLongSettled(stat, hashedAt)) {
            entries.put(path, new Entry(State.of(stat), HexFormat.of().parseHex(sha256), today));
            changed = true;
        }
    }

    /** Keeps it for later builds. Of several processes that do, the last one wins. */
    synchronized void save() {
        if (file.isEmpty() || !changed) {
            return;
        }
        changed = false;
        try {
            Files.createDirectories(file.get().getParent());
            Path temporary = Files.createTempFile(file.get().getParent(), "new", "");
            try {
                store(temporary);
                Files.move(temporary, file.get(), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            LOG.debug("{} is not written", file.get(), e);
        }
    }

    private void store(Path to) throws IOException {
        CRC32 sum = new CRC32();
        try (DataOutputStream out = new DataOutputStream(
                new CheckedOutputStream(new BufferedOutputStream(Files.newOutputStream(to)), sum))) {
            out.writeBytes(MAGIC);
            for (Map.Entry<String, Entry> known : entries.entrySet()) {
                Entry entry = known.getValue();
                if (entry.day() >= today - DAYS_KEPT) {
                    byte[] path = Bytes.toBytes(known.getKey());
                    out.writeInt(path.length);
                    out.write(path);
                    out.writeInt(entry.day());
                    write(entry.state(), out);
                    out.write(entry.sha256());
                }
            }
            out.writeInt(-1);
            out.writeLong(sum.getValue());
        }
    }

    private static void write(State state, DataOutputStream out) throws IOException {
        out.writeLong(state.fileSystem());
        out.writeLong(state.inode());
        out.writeLong(state.size());
        out.writeLong(state.mtime().seconds());
        out.writeInt(state.mtime().nanos());
        out.writeLong(state.ctime().seconds());
        out.writeInt(state.ctime().nanos());
    }

    private void load(Path from) throws IOException {
        CRC32 sum = new CRC32();
        try (DataInputStream in =
                new DataInputStream(new CheckedInputStream(new BufferedInputStream(Files.newInputStream(from)), sum))) {
            if (!Bytes.of(read(in, MAGIC.length())).equals(MAGIC)) {
                throw new IOException("it is something else");
            }
            for (int length = in.readInt(); length >= 0; length = in.readInt()) {
                if (length > LONGEST_PATH) {
                    throw new IOException("it is damaged");
                }
                String path = Bytes.of(read(in, length));
                int day = in.readInt();
                State state = new State(in.readLong(), in.readLong(), in.readLong(), time(in), time(in));
                entries.put(path, new Entry(state, read(in, DIGEST_BYTES), day));
            }
            if (sum.getValue() != in.readLong()) {
                throw new IOException("it is damaged");
            }
        }
    }

    private static FileTime time(DataInputStream in) throws IOException {
        return new FileTime(in.readLong(), in.readInt());
    }

    private static byte[] read(DataInputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("it ends early");
        }
        return bytes;
    }
}
