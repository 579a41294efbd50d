package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** After the system was started again: takes results away that may not have come to the disk before, and what was built on them. */
@SuppressWarnings("try") // a lock is held, not used
final class PowerCut {
    private static final Logger LOG = LoggerFactory.getLogger(PowerCut.class);

    private final DirectoryStore store;
    private final UnsyncedResults unsynced;
    private final FileLocks locks;

    PowerCut(DirectoryStore store, UnsyncedResults unsynced, FileLocks locks) {
        this.store = store;
        this.unsynced = unsynced;
        this.locks = locks;
    }

    /** To be called before anything is looked for in the store. */
    void clearUp() throws IOException {
        if (unsynced.ofLastBoot().isEmpty()) {
            return;
        }
        try (FileLocks.Held held = locks.lock("power-cut", new Cancellation())) {
            List<Path> marks = unsynced.ofLastBoot();
            List<SnapshotId> doomed = withDescendants(marks);
            for (int i = doomed.size() - 1; i >= 0; i--) {
                if (store.find(doomed.get(i)).isPresent()) {
                    LOG.warn(
                            "the snapshot {} is not used: it may not have been written to the disk wholly before the"
                                    + " system was started again",
                            doomed.get(i));
                    store.delete(doomed.get(i)).close();
                }
            }
            for (Path mark : marks) {
                Files.deleteIfExists(mark);
            }
        }
    }

    /** Each before what was built on it. */
    private List<SnapshotId> withDescendants(List<Path> marks) throws IOException {
        Map<SnapshotId, List<SnapshotId>> children = new HashMap<>();
        for (SnapshotId id : store.list()) {
            store.find(id)
                    .flatMap(Store.Snapshot::parent)
                    .ifPresent(parent -> children.computeIfAbsent(parent, none -> new ArrayList<>())
                            .add(id));
        }
        List<SnapshotId> all = new ArrayList<>();
        Set<SnapshotId> seen = new HashSet<>();
        marks.stream().map(UnsyncedResults::id).filter(seen::add).forEach(all::add);
        for (int i = 0; i < all.size(); i++) {
            children.getOrDefault(all.get(i), List.of()).stream()
                    .filter(seen::add)
                    .forEach(all::add);
        }
        return all;
    }
}
