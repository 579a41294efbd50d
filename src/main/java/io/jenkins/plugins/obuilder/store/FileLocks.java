package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileException;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.host.Pause;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Locks named by files, between threads and between processes. The system drops them when their holder ends, however it ends: what is
 * locked is alive.
 *
 * <p>These are flock(2) locks, not the POSIX ones of {@link java.nio.channels.FileLock}: a POSIX lock belongs to a process and dies with
 * <em>any</em> descriptor of its file that the process closes, and does not keep two threads apart.
 */
final class FileLocks {
    private static final long FIRST_PAUSE_MS = 2;
    private static final long LONGEST_PAUSE_MS = 100;
    private static final int MOST_TRIES = 100;

    private final Path directory;

    /** Whether others may hold it, too. */
    private enum Kind {
        EXCLUSIVE,
        SHARED
    }

    /** @param directory where the files lie; it must exist */
    FileLocks(Path directory) {
        this.directory = directory;
    }

    /** A held lock. Closing it frees the name, and removes the file when nobody else holds it. */
    static final class Held implements Closeable {
        private final Dir directory;
        private final String name;
        private final OpenFile file;
        private final Kind kind;

        private Held(Dir directory, String name, OpenFile file, Kind kind) {
            this.directory = directory;
            this.name = name;
            this.file = file;
            this.kind = kind;
        }

        @Override
        public void close() throws IOException {
            try (directory;
                    file) {
                if (kind == Kind.EXCLUSIVE || isLastOfThoseWhoShareIt()) {
                    directory.unlink(name);
                }
            }
        }

        /** The last one becomes its only holder; another may come in before, for the system frees a lock before it changes it. */
        private boolean isLastOfThoseWhoShareIt() throws IOException {
            return file.tryLock() && isNamed(directory, name, file);
        }
    }

    /**
     * Waits until the lock is free.
     *
     * @throws StoreException when cancelled first
     */
    Held lock(String name, Cancellation cancellation) throws IOException {
        return lock(name, Kind.EXCLUSIVE, cancellation);
    }

    /**
     * Waits until nobody holds the lock for himself alone.
     *
     * @throws StoreException when cancelled first
     */
    Held share(String name, Cancellation cancellation) throws IOException {
        return lock(name, Kind.SHARED, cancellation);
    }

    private Held lock(String name, Kind kind, Cancellation cancellation) throws IOException {
        return lockUnlessCancelled(name, kind, cancellation)
                .orElseThrow(() -> new StoreException("cancelled while waiting for " + directory.resolve(name) + ": "
                        + cancellation.reason().orElseThrow()));
    }

    /** Waits until the lock is free; empty when cancelled first. */
    Optional<Held> lockUnlessCancelled(String name, Cancellation cancellation) throws IOException {
        return lockUnlessCancelled(name, Kind.EXCLUSIVE, cancellation);
    }

    private Optional<Held> lockUnlessCancelled(String name, Kind kind, Cancellation cancellation) throws IOException {
        long pause = FIRST_PAUSE_MS;
        while (true) {
            Optional<Held> held = tryLock(name, kind);
            if (held.isPresent() || cancellation.isCancelled()) {
                return held;
            }
            Pause.millis(pause, "waiting for a lock");
            pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
        }
    }

    /** Empty when somebody else holds it. */
    Optional<Held> tryLock(String name) throws IOException {
        return tryLock(name, Kind.EXCLUSIVE);
    }

    private Optional<Held> tryLock(String name, Kind kind) throws IOException {
        Dir dir = Dir.open(directory);
        Optional<Held> held = Optional.empty();
        try {
            held = tryLock(dir, name, kind);
            return held;
        } finally {
            if (held.isEmpty()) {
                dir.close();
            }
        }
    }

    private static Optional<Held> tryLock(Dir directory, String name, Kind kind) throws IOException {
        while (true) {
            OpenFile file = open(directory, name);
            boolean keep = false;
            try {
                if (!(kind == Kind.SHARED ? file.tryLockShared() : file.tryLock())) {
                    return Optional.empty();
                }
                // Its last holder may have removed the file between our opening and our locking it: then this lock
                // excludes nobody.
                if (isNamed(directory, name, file)) {
                    keep = true;
                    return Optional.of(new Held(directory, name, file, kind));
                }
            } finally {
                if (!keep) {
                    file.close();
                }
            }
        }
    }

    /** Where a file system is served by a process (FUSE), its last holder can remove the file between its being found and opened. */
    private static OpenFile open(Dir directory, String name) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                return directory.openOrCreateFile(name);
            } catch (FileException e) {
                if (!e.isMissing() || tries == MOST_TRIES) {
                    throw e;
                }
                Pause.millis(FIRST_PAUSE_MS, "waiting for a lock");
            }
        }
    }

    private static boolean isNamed(Dir directory, String name, OpenFile file) throws IOException {
        Optional<FileStat> named = directory.stat(name);
        return named.isPresent() && named.get().isSameFile(file.stat());
    }
}
