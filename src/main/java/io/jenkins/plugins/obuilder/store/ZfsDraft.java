package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A result being made, at its place from the beginning: that it is finished is what its snapshot says. So nothing that still has a file
 * open in it can prevent a commit.
 */
final class ZfsDraft implements Store.Draft {
    private static final Logger LOG = LoggerFactory.getLogger(ZfsDraft.class);

    private final ZfsCommands zfs;
    private final ZfsDatasets datasets;
    private final ZfsResults results;
    private final ZfsFiles files;
    private final ZfsNotes notes;
    private final SnapshotId id;
    private final String name;
    private final String dataset;
    private ZfsParts parts;
    private boolean committed;

    /** @param name that nobody else has or will have */
    ZfsDraft(
            ZfsCommands zfs,
            ZfsDatasets datasets,
            ZfsResults results,
            ZfsFiles files,
            ZfsNotes notes,
            SnapshotId id,
            String name) {
        this.zfs = zfs;
        this.datasets = datasets;
        this.results = results;
        this.files = files;
        this.notes = notes;
        this.id = id;
        this.name = name;
        dataset = datasets.result(id);
    }

    /** Begins an empty one. */
    void make(List<String> names) throws IOException {
        note();
        List<String> options = options();
        if (!zfs.create(dataset, options)) {
            removeAbandoned();
            insist(zfs.create(dataset, options));
        }
        zfs.mount(dataset);
        parts = new ZfsParts(zfs, datasets, dataset, names);
        parts.make();
    }

    /** Begins a copy of a finished one. @param itsFiles the name of that one's files */
    void cloneFrom(SnapshotId baseId, ZfsResults.Result base, String itsFiles) throws IOException {
        note();
        if (Files.exists(files.env(itsFiles))) {
            Files.copy(files.env(itsFiles), env(), StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> options = options();
        options.add(ZfsDatasets.PARENT + "=" + baseId);
        ZfsCommands.Cloned cloned = zfs.clone(base.snapshot(), dataset, options);
        if (cloned == ZfsCommands.Cloned.EXISTS) {
            removeAbandoned();
            cloned = zfs.clone(base.snapshot(), dataset, options);
        }
        if (cloned == ZfsCommands.Cloned.NO_SNAPSHOT) {
            throw new StoreException("cannot build on the snapshot " + baseId + ": it was just deleted");
        }
        insist(cloned == ZfsCommands.Cloned.YES);
        zfs.mount(dataset);
        parts = new ZfsParts(zfs, datasets, dataset, base.parts());
        parts.cloneFrom(base.dataset());
    }

    private void note() throws IOException {
        notes.add(name, id);
        files.make(name);
    }

    private List<String> options() {
        return new ArrayList<>(List.of(ZfsDatasets.NOT_MOUNTED, ZfsDatasets.FILES + "=" + name));
    }

    private void insist(boolean made) throws StoreException {
        if (!made) {
            throw new StoreException("cannot make the dataset " + dataset + ": somebody else has just made it");
        }
    }

    /** Whoever builds an id has the right to it alone: what is there without a snapshot is of a build that was killed. */
    private void removeAbandoned() throws IOException {
        Optional<ZfsResults.Result> there = results.find(id);
        if (there.isPresent() && there.get().finished()) {
            throw new StoreException("cannot build the snapshot " + id + ": it is there already");
        }
        zfs.destroy(dataset);
    }

    @Override
    public Path rootfs() {
        return parts.rootfs();
    }

    @Override
    public Path log() {
        return files.log(name);
    }

    @Override
    public Path env() {
        return files.env(name);
    }

    /** The result keeps it, which does no harm: nobody writes there any more, and what is cloned from it has none. */
    @Override
    public void limit(long bytes) throws IOException {
        parts.limit(bytes);
    }

    @Override
    public void commit() throws IOException {
        files.copyInto(name, datasets.path(dataset));
        if (!zfs.snapshot(dataset + ZfsDatasets.SNAP)) {
            throw new StoreException("cannot finish the snapshot " + id + ": somebody else has just done so");
        }
        committed = true;
        try {
            zfs.unmountAll(dataset);
            notes.remove(name);
        } catch (IOException e) {
            LOG.warn("the finished snapshot {} stays mounted until the store is repaired: {}", id, e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        if (committed) {
            return;
        }
        if (results.find(id)
                .flatMap(ZfsResults.Result::files)
                .filter(name::equals)
                .isPresent()) {
            zfs.destroy(dataset);
        }
        files.remove(name);
        notes.remove(name);
    }
}
