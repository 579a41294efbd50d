package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/** A store that is another one, save for what a subclass adds. */
abstract class ForwardingStore implements Store {
    protected final Store store;

    ForwardingStore(Store store) {
        this.store = store;
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

    @Override
    public Optional<Snapshot> find(SnapshotId id) throws IOException {
        return store.find(id);
    }

    @Override
    public Collection<SnapshotId> list() throws IOException {
        return store.list();
    }

    @Override
    public Draft begin(SnapshotId id, Optional<SnapshotId> base) throws IOException {
        return store.begin(id, base);
    }

    @Override
    public Optional<Ahead> makeAhead() throws IOException {
        return store.makeAhead();
    }

    @Override
    public View open(SnapshotId id) throws IOException {
        return store.open(id);
    }

    @Override
    public Closeable delete(SnapshotId id) throws IOException {
        return store.delete(id);
    }

    @Override
    public Space space() throws IOException {
        return store.space();
    }

    @Override
    public boolean reclaim(Cancellation cancellation) throws IOException {
        return store.reclaim(cancellation);
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
    public void deleteCache(String file) throws IOException {
        store.deleteCache(file);
    }

    @Override
    public boolean countsItself() {
        return store.countsItself();
    }

    @Override
    public Optional<Relocation> relocation() {
        return store.relocation();
    }

    @Override
    public Collection<StoreFindings.Finding> examine() throws IOException {
        return store.examine();
    }

    @Override
    public Collection<String> repair() throws IOException {
        return store.repair();
    }

    @Override
    public void close() throws IOException {
        store.close();
    }

    /** A draft that is another one, save for what a subclass adds. */
    abstract static class ForwardingDraft implements Draft {
        protected final Draft draft;

        ForwardingDraft(Draft draft) {
            this.draft = draft;
        }

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
        public boolean take(Ahead ahead) throws IOException {
            return draft.take(ahead);
        }

        @Override
        public Path changes() {
            return draft.changes();
        }

        @Override
        public void limit(long bytes) throws IOException {
            draft.limit(bytes);
        }

        @Override
        public void close() throws IOException {
            draft.close();
        }
    }
}
