package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * This opening of a store, as others see it: a locked file. The names of its temporaries begin with its token, so that whoever repairs the
 * store can tell a live neighbour's from a dead one's.
 */
final class Owner implements Closeable {
    private static final int TOKEN = 12;

    private final Path directory;
    private final FileLocks locks;
    private final String token = UUID.randomUUID().toString().replace("-", "").substring(0, TOKEN);
    private final AtomicLong counter = new AtomicLong();
    private FileLocks.Held lock;

    /** @param directory the lock files of all owners of this store */
    Owner(Path directory) {
        this.directory = directory;
        locks = new FileLocks(directory);
    }

    /** A name for something temporary that nobody else has or will have. */
    synchronized String newName() throws IOException {
        if (lock == null) {
            // Whoever looks whether it is free holds it for a moment.
            lock = locks.lock(token, new Cancellation());
        }
        return token + "-" + counter.incrementAndGet();
    }

    /** Tells the living from the dead; the lock files of the latter are gone when this returns. */
    Mortality dead() throws IOException {
        Set<String> dead = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (isFree(name)) {
                    dead.add(name);
                }
            }
        }
        return name ->
                name.length() <= TOKEN || dead.contains(name.substring(0, TOKEN)) || isFree(name.substring(0, TOKEN));
    }

    private boolean isFree(String other) throws IOException {
        if (other.equals(token)) {
            return false;
        }
        Optional<FileLocks.Held> held = locks.tryLock(other);
        if (held.isPresent()) {
            held.get().close();
        }
        return held.isPresent();
    }

    /**
     * Tells of the name of a temporary that was there before the question whether its owner is dead. One that has ended as it should is
     * dead, too, and has removed the temporary itself.
     */
    @FunctionalInterface
    interface Mortality {
        boolean isDead(String name) throws IOException;
    }

    @Override
    public synchronized void close() throws IOException {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }
}
