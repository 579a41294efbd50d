package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store with its index and its build locks: what several builds, in several processes, share. */
public final class SharedStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(SharedStore.class);

    private final Store store;
    private final Index index;
    private final BuildLocks locks;

    SharedStore(Store store) throws IOException {
        this.store = store;
        SqliteLibrary.provide(store.root().resolve("state/lib"));
        index = new Index(store.root().resolve("state/db/db.sqlite"));
        locks = new BuildLocks(store.root().resolve("state/locks"));
    }

    /** One build per id: to be held from before the last look whether a snapshot is there to after the commit. */
    public BuildLocks locks() {
        return locks;
    }

    public Index index() {
        return index;
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public Path root() {
        return store.root();
    }

    @Override
    public Optional<String> whyUnsupported() throws IOException {
        return store.whyUnsupported();
    }

    @Override
    public boolean isMadeByReference() {
        return store.isMadeByReference();
    }

    /** As in the store; notes that it was used. */
    @Override
    public Optional<Snapshot> find(SnapshotId id) throws IOException {
        Optional<Snapshot> found = store.find(id);
        if (found.isPresent()) {
            noteUse(found.get());
        }
        return found;
    }

    /** A full disk is no reason to do without a snapshot that is there. */
    private void noteUse(Snapshot snapshot) throws StoreException {
        try {
            if (!index.touch(snapshot.id(), Instant.now())) {
                index.add(snapshot.id(), snapshot.parent(), Instant.now());
            }
        } catch (StoreException e) {
            if (!FullDisk.isCauseOf(e)) {
                throw e;
            }
            LOG.debug("the use of {} is not noted", snapshot.id(), e);
        }
    }

    @Override
    public Collection<SnapshotId> list() throws IOException {
        return store.list();
    }

    /** As in the store; the commit is noted in the index. */
    @Override
    public Draft begin(SnapshotId id, Optional<SnapshotId> base) throws IOException {
        Draft draft = store.begin(id, base);
        return new Draft() {
            @Override
            public Path rootfs() {
                return draft.rootfs();
            }

            @Override
            public Path log() {
                return draft.log();
            }

            @Override
            public Path env() {
                return draft.env();
            }

            @Override
            public void commit() throws IOException {
                draft.commit();
                index.add(id, base, Instant.now());
            }

            @Override
            public void close() throws IOException {
                draft.close();
            }
        };
    }

    @Override
    public View open(SnapshotId id) throws IOException {
        return store.open(id);
    }

    /** Deletes it and all that was built on it. */
    @Override
    public void delete(SnapshotId id) throws IOException {
        for (SnapshotId child : index.children(id)) {
            delete(child);
        }
        store.delete(id);
        index.remove(id);
    }

    @Override
    public CacheDraft cache(String name, Op.User.Ids owner) throws IOException {
        return store.cache(name, owner);
    }

    @Override
    public Collection<String> caches() throws IOException {
        return store.caches();
    }

    @Override
    public void deleteCache(String name) throws IOException {
        store.deleteCache(name);
    }

    @Override
    public Collection<String> repair() throws IOException {
        locks.sweep();
        return store.repair();
    }

    @Override
    public void close() throws IOException {
        try (index) {
            store.close();
        }
    }
}
