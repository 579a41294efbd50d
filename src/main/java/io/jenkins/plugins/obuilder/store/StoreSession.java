package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A store as one build sees it: what it finds, builds on or makes there stays until the session is closed or the process ends, whoever
 * prunes meanwhile. Only the last of a chain is held: nobody deletes what something was built on.
 */
final class StoreSession extends ForwardingStore {
    private final FileLocks leases;
    private final Reserve reserve;
    private final Map<SnapshotId, FileLocks.Held> held = new HashMap<>();
    private final Set<SnapshotId> belowHeld = new HashSet<>();

    StoreSession(SharedStore store, FileLocks leases, Reserve reserve) {
        super(store);
        this.leases = leases;
        this.reserve = reserve;
    }

    /** Waits for whoever is deleting it just now. That it is there must be found out after this. */
    private void hold(SnapshotId id) throws IOException {
        synchronized (this) {
            if (held.containsKey(id) || belowHeld.contains(id)) {
                return;
            }
        }
        reserve.releaseIfFull();
        FileLocks.Held lease = leases.share(id.hex(), new Cancellation());
        synchronized (this) {
            if (held.putIfAbsent(id, lease) == null) {
                return;
            }
        }
        lease.close();
    }

    /** What is there and held keeps its parent there, too. */
    private void releaseParent(Optional<SnapshotId> parent) throws IOException {
        FileLocks.Held lease = null;
        synchronized (this) {
            if (parent.isPresent()) {
                lease = held.remove(parent.get());
                belowHeld.add(parent.get());
            }
        }
        if (lease != null) {
            lease.close();
        }
    }

    @Override
    public Optional<Snapshot> find(SnapshotId id) throws IOException {
        hold(id);
        Optional<Snapshot> found = store.find(id);
        if (found.isPresent()) {
            releaseParent(found.get().parent());
        }
        return found;
    }

    @Override
    public View open(SnapshotId id) throws IOException {
        hold(id);
        return store.open(id);
    }

    @Override
    public Draft begin(SnapshotId id, Optional<SnapshotId> base) throws IOException {
        if (base.isPresent()) {
            hold(base.get());
        }
        hold(id);
        return new ForwardingDraft(store.begin(id, base)) {
            @Override
            public void commit() throws IOException {
                draft.commit();
                releaseParent(base);
            }
        };
    }

    @Override
    public synchronized void close() throws IOException {
        for (FileLocks.Held lease : held.values()) {
            lease.close();
        }
        held.clear();
        belowHeld.clear();
    }
}
