package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Op;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;

/**
 * Caches, {@code cache/NAME}. A step works on a copy, which replaces the cache when the step ends, unless another
 * step's copy has replaced it first: {@code state/caches/NAME} holds the version, a new one for each replacement.
 */
@SuppressWarnings("try") // a lock is held, not used
final class Caches {
    private final Path caches;
    private final Path temporaries;
    private final Path versions;
    private final FileLocks locks;
    private final Owner owner;
    private final CacheNames names;
    private final Trees trees;

    Caches(Path root, Owner owner, CacheNames names, Trees trees) {
        caches = root.resolve("cache");
        temporaries = root.resolve("cache-tmp");
        versions = root.resolve("state/caches");
        locks = new FileLocks(root.resolve("state/locks"));
        this.owner = owner;
        this.names = names;
        this.trees = trees;
    }

    Store.CacheDraft draft(String cache, Op.User.Ids user) throws IOException {
        String file = names.fileName(cache);
        Path draft = temporaries.resolve(owner.newName());
        boolean made = false;
        try (FileLocks.Held held = lock(file)) {
            Path present = caches.resolve(file);
            if (trees.exists(present)) {
                trees.copy(present, draft, "the cache " + file);
            } else {
                trees.make(draft);
            }
            // Also when another user made it: a step that may not write there would have no use for it.
            try (Dir top = Dir.open(draft)) {
                top.chown(user.uid(), user.gid());
            }
            Draft result = new Draft(file, version(file), draft);
            made = true;
            return result;
        } finally {
            if (!made) {
                trees.remove(draft);
            }
        }
    }

    /** File names of all caches. */
    List<String> names() throws IOException {
        return trees.names(caches);
    }

    void delete(String file) throws IOException {
        Closeable removal;
        try (FileLocks.Held held = lock(file)) {
            Path present = caches.resolve(file);
            if (!trees.exists(present)) {
                return;
            }
            renew(file);
            removal = trees.takeAway(present, temporaries.resolve(owner.newName()));
        }
        removal.close();
    }

    private FileLocks.Held lock(String file) throws IOException {
        // Such a name is no id's, nor that of what is announced of one.
        return locks.lock(Bytes.ofText(file + ".cache"), new Cancellation());
    }

    private String version(String file) throws IOException {
        Path version = versions.resolve(file);
        return Files.exists(version) ? Files.readString(version) : "";
    }

    /** Gives the cache a version that no copy has. */
    private void renew(String file) throws IOException {
        Path next = Files.createTempFile(versions, ".new", null);
        Files.writeString(next, UUID.randomUUID().toString());
        Files.move(next, versions.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private final class Draft implements Store.CacheDraft {
        private final String file;
        private final String copied;
        private final Path directory;

        Draft(String file, String copied, Path directory) {
            this.file = file;
            this.copied = copied;
            this.directory = directory;
        }

        @Override
        public Path directory() {
            return directory;
        }

        @Override
        public void publish() throws IOException {
            Closeable removal = () -> {};
            try (FileLocks.Held held = lock(file)) {
                if (!version(file).equals(copied)) {
                    return;
                }
                // The version first: a crash before the end costs a cache, never mixes two.
                renew(file);
                Path present = caches.resolve(file);
                if (trees.exists(present)) {
                    removal = trees.takeAway(present, temporaries.resolve(owner.newName()));
                }
                trees.place(directory, present);
            } finally {
                removal.close();
            }
        }

        @Override
        public void close() throws IOException {
            trees.remove(directory);
        }
    }
}
