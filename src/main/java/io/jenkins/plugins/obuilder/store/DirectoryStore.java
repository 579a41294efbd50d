package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.MountPoint;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the stores share whose snapshots are directories: {@code result/ID} with {@code rootfs}, {@code log}, {@code env} and a link {@code
 * parent}; temporaries that become one by a single rename; caches. The layout is the reference's.
 */
abstract class DirectoryStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryStore.class);

    protected final Path root;
    protected final Owner owner;
    protected final Trees trees;
    private final StoreFormat format;
    private final Caches caches;
    private final List<Path> temporaries;
    private final UnsyncedResults unsynced;

    /**
     * @param temporaries the directories, below the root, of things that are being made
     * @param fit tells why a store of this kind cannot lie in a directory
     */
    DirectoryStore(
            String kind,
            Path root,
            Trees trees,
            CacheNames cacheNames,
            List<String> temporaries,
            StoreFormat.Fitness fit)
            throws IOException {
        this.root = root.toAbsolutePath().normalize();
        this.trees = trees;
        format = StoreFormat.openOrMake(this.root, kind, fit);
        this.temporaries = temporaries.stream().map(this.root::resolve).toList();
        for (String name :
                List.of("result", "cache", "cache-tmp", "state/db", "state/locks", "state/owners", "state/caches")) {
            Files.createDirectories(this.root.resolve(name));
        }
        for (Path directory : this.temporaries) {
            Files.createDirectories(directory);
        }
        owner = new Owner(this.root.resolve("state/owners"));
        caches = new Caches(this.root, owner, cacheNames, trees);
        unsynced = new UnsyncedResults(this.root, owner);
        new PowerCut(this, unsynced, new FileLocks(this.root.resolve("state/locks"))).clearUp();
    }

    @Override
    public final String name() {
        return format.kind() + ":" + root;
    }

    @Override
    public final Path root() {
        return root;
    }

    @Override
    public final boolean isMadeByReference() {
        return format.madeByReference();
    }

    @Override
    public final Optional<Snapshot> find(SnapshotId id) throws IOException {
        Path result = result(id);
        if (!Files.isDirectory(result, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Snapshot(id, parent(result), result.resolve("log"), result.resolve("env")));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // it has been deleted in between
        }
    }

    @Override
    public final Collection<SnapshotId> list() throws IOException {
        List<SnapshotId> ids = new ArrayList<>();
        try (DirectoryStream<Path> results = Files.newDirectoryStream(root.resolve("result"))) {
            for (Path result : results) {
                String name = result.getFileName().toString();
                if (SnapshotId.isForm(name)) {
                    ids.add(new SnapshotId(name));
                }
            }
        }
        return ids;
    }

    @Override
    public final Optional<Ahead> makeAhead() throws IOException {
        Path directory = temporaries.get(0).resolve(owner.newName());
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return Optional.of(new MadeAhead(directory));
    }

    private final class MadeAhead implements Ahead {
        private final Path directory;

        MadeAhead(Path directory) {
            this.directory = directory;
        }

        @Override
        public Path directory() {
            return directory;
        }

        @Override
        public void close() throws IOException {
            remove(directory);
        }
    }

    @Override
    public Closeable delete(SnapshotId id) throws IOException {
        Path result = result(id);
        if (!Files.isDirectory(result, LinkOption.NOFOLLOW_LINKS)) {
            return () -> {};
        }
        return trees.takeAway(result, temporaries.get(0).resolve(owner.newName()));
    }

    @Override
    public final Space space() {
        File directory = root.toFile();
        return new Space(directory.getTotalSpace(), directory.getUsableSpace());
    }

    @Override
    public final boolean reclaim(Cancellation cancellation) throws IOException {
        return trees.reclaim(cancellation);
    }

    @Override
    public final CacheDraft cache(String name, Op.User.Ids user) throws IOException {
        return caches.draft(name, user);
    }

    @Override
    public final Collection<String> caches() throws IOException {
        return caches.names();
    }

    @Override
    public final void deleteCache(String file) throws IOException {
        caches.delete(file);
    }

    @Override
    public final Collection<String> repair() throws IOException {
        for (SnapshotId id : unsynced.results()) {
            if (find(id).isPresent()) {
                afterCommit(result(id)); // whoever made it may have been killed before
            }
        }
        List<String> removed = new ArrayList<>();
        for (Path left : leftOver()) {
            try {
                Mounts.unmountAll(left);
                trees.remove(left);
                removed.add(left.toString());
            } catch (HostException e) {
                // No build need wait for that; the next one tries again.
                LOG.warn("{}, which a build that was killed has left, cannot be removed now: {}", left, e.getMessage());
            }
        }
        reclaimIfFull();
        return removed;
    }

    /** Temporaries of processes that have ended. */
    private List<Path> leftOver() throws IOException {
        List<Path> left = new ArrayList<>();
        Owner.Mortality dead = owner.dead();
        List<Path> places = new ArrayList<>(temporaries);
        places.add(root.resolve("cache-tmp"));
        for (Path place : places) {
            try (Dir directory = Dir.open(place)) {
                for (Dir.Entry entry : directory.list()) {
                    if (dead.isDead(entry.name())
                            && directory.stat(entry.name()).isPresent()) {
                        left.add(place.resolve(entry.name()));
                    }
                }
            }
        }
        return left;
    }

    @Override
    public final Collection<StoreFindings.Finding> examine() throws IOException {
        List<StoreFindings.Finding> found = new ArrayList<>();
        leftOver().forEach(path -> found.add(new StoreFindings.Finding(StoreFindings.Kind.LEFT_OVER, path.toString())));
        for (SnapshotId id : list()) {
            Optional<Snapshot> snapshot = find(id);
            // It may have been deleted in between.
            if (snapshot.isPresent() && isBroken(snapshot.get()) && find(id).isPresent()) {
                found.add(new StoreFindings.Finding(StoreFindings.Kind.BROKEN_SNAPSHOT, id.hex()));
            }
        }
        for (String place : List.of("result", "cache")) {
            for (MountPoint mount : Mounts.within(root.resolve(place))) {
                found.add(new StoreFindings.Finding(StoreFindings.Kind.FOREIGN, "what is mounted at " + mount.path()));
            }
        }
        return found;
    }

    /** Whether something of a snapshot is missing without which it cannot be used. */
    protected abstract boolean isBroken(Snapshot snapshot) throws IOException;

    @Override
    public final void close() throws IOException {
        try (owner) {
            unsynced.syncIfCheap();
        }
    }

    /** What is to be done with a draft, after it was settled, before it may become a result. */
    protected void beforeCommit(Path draft) throws IOException {}

    /** Called before a draft is removed. */
    protected void discarded(Path draft) {}

    /** What is to be done with a new result, unless the process is killed just then. */
    protected void afterCommit(Path result) throws IOException {}

    /** Whoever comes next must find the room that was made. */
    private void reclaimIfFull() throws IOException {
        if (FullDisk.isAt(root)) {
            trees.reclaim(new Cancellation());
        }
    }

    /** The directory of a finished snapshot, whether there is one or not. */
    protected final Path result(SnapshotId id) {
        return root.resolve("result").resolve(id.hex());
    }

    /** What a result was built on, from its own link, as far as that is to be believed. */
    private static Optional<SnapshotId> parent(Path result) throws IOException {
        Path link = result.resolve(ParentLink.NAME);
        return Files.isSymbolicLink(link)
                ? ParentLink.read(
                        Files.readSymbolicLink(link), result.getFileName().toString())
                : Optional.empty();
    }

    /** Removes something that lies directly in one of the temporary directories. */
    protected final void remove(Path temporary) throws IOException {
        trees.remove(temporary);
    }

    /** What a draft is being built on. */
    protected static Optional<SnapshotId> baseOf(Path draft) throws IOException {
        Path link = draft.resolve(ParentLink.NAME);
        return Files.isSymbolicLink(link)
                ? Optional.of(ParentLink.base(Files.readSymbolicLink(link)))
                : Optional.empty();
    }

    /** The directory of a snapshot to build on. */
    protected final Path finished(SnapshotId base) throws IOException {
        Path result = result(base);
        if (!Files.isDirectory(result, LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreException("cannot build on the snapshot " + base + ": it is not in the store " + name());
        }
        return result;
    }

    /** Gives a draft the base's environment. */
    protected static void adopt(Path draft, Path base) throws IOException {
        if (Files.exists(base.resolve("env"))) {
            Files.copy(base.resolve("env"), draft.resolve("env"));
        }
    }

    /** A view of a root file system that is there without any doing. */
    protected record PlainView(Path rootfs) implements View {
        @Override
        public void close() {}
    }

    /** A result being made in a temporary directory. */
    protected abstract class DirectoryDraft implements Draft {
        private final SnapshotId id;
        protected final Path directory;
        private boolean committed;

        DirectoryDraft(SnapshotId id, Path directory) {
            this.id = id;
            this.directory = directory;
        }

        @Override
        public final Path log() {
            return directory.resolve("log");
        }

        @Override
        public final Path env() {
            return directory.resolve("env");
        }

        /** @param rootfs where the directory goes, which nothing may be mounted on */
        protected final boolean take(Ahead ahead, Path rootfs) throws IOException {
            Path directory = ahead.directory();
            try {
                Files.move(directory, rootfs.resolve(directory.getFileName()), StandardCopyOption.ATOMIC_MOVE);
                return true;
            } catch (AtomicMoveNotSupportedException e) {
                return false; // a subvolume is a file system of its own
            }
        }

        @Override
        public boolean take(Ahead ahead) throws IOException {
            return take(ahead, rootfs());
        }

        /** Ends what makes the root file system visible, such as a mount. Called once or more. */
        protected abstract void settle() throws IOException;

        @Override
        public final void commit() throws IOException {
            settle();
            beforeCommit(directory);
            unsynced.mark(id);
            trees.place(directory, result(id));
            committed = true;
            afterCommit(result(id));
        }

        @Override
        public final void close() throws IOException {
            if (!committed) {
                discarded(directory);
                settle();
                remove(directory);
                reclaimIfFull();
            }
        }
    }
}
