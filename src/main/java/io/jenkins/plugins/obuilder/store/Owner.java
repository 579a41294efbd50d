package io.jenkins.plugins.obuilder.store;

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
    private final String token = UUID.randomUUID().toString().replace("-", "").substring(0, TOKEN);
    private final AtomicLong counter = new AtomicLong();
    private FileLocks.Held lock;

    /** @param directory the lock files of all owners of this store */
    Owner(Path directory) {
        this.directory = directory;
    }

    /** A name for something temporary that nobody else has or will have. */
    synchronized String newName() throws IOException {
        if (lock == null) {
            lock = new FileLocks(directory)
                    .tryLock(token)
                    .orElseThrow(() -> new IllegalStateException("somebody else has the token " + token));
        }
        return token + "-" + counter.incrementAndGet();
    }

    /** Who of those that left temporaries is dead. Their lock files are gone when this returns. */
    Mortality dead() throws IOException {
        Set<String> alive = new HashSet<>();
        alive.add(token);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.equals(token)) {
                    continue;
                }
                Optional<FileLocks.Held> held = new FileLocks(directory).tryLock(name);
                if (held.isPresent()) {
                    held.get().close();
                } else {
                    alive.add(name);
                }
            }
        }
        return name -> name.length() <= TOKEN || !alive.contains(name.substring(0, TOKEN));
    }

    /** Tells of a temporary's name whether its owner is dead. */
    @FunctionalInterface
    interface Mortality {
        boolean isDead(String name);
    }

    @Override
    public synchronized void close() throws IOException {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }
}
