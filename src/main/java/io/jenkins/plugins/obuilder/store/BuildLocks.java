package io.jenkins.plugins.obuilder.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One build per id, over all threads and processes on a store. */
public final class BuildLocks {
    private static final String ANNOUNCEMENT = ".builder";

    private final Path directory;
    private final FileLocks locks;

    /** @param directory made when needed; the lock files of one store */
    public BuildLocks(Path directory) {
        this.directory = directory;
        this.locks = new FileLocks(directory);
    }

    /** The right to build one id. */
    public final class Held implements Closeable {
        private final SnapshotId id;
        private final FileLocks.Held lock;

        private Held(SnapshotId id, FileLocks.Held lock) {
            this.id = id;
            this.lock = lock;
        }

        /** Tells those who wait where the step's log is being written. */
        public void announce(Path log) throws IOException {
            Files.writeString(announcement(id), ProcessHandle.current().pid() + "\n" + log + "\n", UTF_8);
        }

        @Override
        public void close() throws IOException {
            try (lock) {
                Files.deleteIfExists(announcement(id));
            }
        }
    }

    /**
     * Who is building an id.
     *
     * @param pid the process, for messages: it may have ended since
     * @param log where the step's log is being written
     */
    public record Builder(long pid, Path log) {}

    /** Empty when another thread or process is building it. */
    public Optional<Held> tryLock(SnapshotId id) throws IOException {
        return locks.tryLock(id.hex()).map(lock -> new Held(id, lock));
    }

    /** Waits until nobody else builds it. */
    public Held lock(SnapshotId id, Cancellation cancellation) throws IOException {
        return new Held(id, locks.lock(id.hex(), cancellation));
    }

    /** Who is building it, as far as that was announced. */
    public Optional<Builder> builder(SnapshotId id) throws IOException {
        try {
            List<String> lines = Files.readAllLines(announcement(id), UTF_8);
            return lines.size() < 2
                    ? Optional.empty() // it is being written
                    : Optional.of(new Builder(Long.parseLong(lines.get(0)), Path.of(lines.get(1))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Removes the files of builds that crashed. */
    void sweep() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                Optional<FileLocks.Held> abandoned =
                        name.endsWith(ANNOUNCEMENT) ? Optional.empty() : locks.tryLock(Bytes.ofText(name));
                if (abandoned.isPresent()) {
                    FileLocks.Held lock = abandoned.get();
                    try (lock) {
                        Files.deleteIfExists(directory.resolve(name + ANNOUNCEMENT));
                    }
                }
            }
        }
    }

    private Path announcement(SnapshotId id) {
        return directory.resolve(id.hex() + ANNOUNCEMENT);
    }
}
