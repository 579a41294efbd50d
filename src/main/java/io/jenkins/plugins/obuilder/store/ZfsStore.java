package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Each snapshot is a snapshot of a dataset of its own, which is a clone of the one before. Nothing is mounted but what is being worked
 * on; to read a finished one it is cloned, since not every zfs shows snapshots as directories, and on macOS those hang.
 */
@SuppressWarnings("try") // a lock is held, not used
final class ZfsStore implements Store {
    static final String KIND = "zfs";

    private final ZfsCommands zfs;
    private final ZfsDatasets datasets;
    private final StoreFormat format;
    private final Owner owner;
    private final ZfsTrees trees;
    private final Caches caches;
    private final ZfsResults results;
    private final ZfsFiles files;
    private final ZfsNotes notes;
    private final FileLocks locks;

    /** @param place a pool, a dataset, or where one is mounted */
    ZfsStore(String place, Commands commands) throws IOException {
        this(place, new ZfsCommands(commands));
    }

    ZfsStore(String named, ZfsCommands zfs) throws IOException {
        this.zfs = zfs;
        ZfsPlace place = new ZfsPlace(zfs, named);
        datasets = place.open();
        // The marker lies in a dataset of its own; until there is one, the rest is not ours.
        place.prepare(datasets, List.of(ZfsDatasets.STATE));
        format = StoreFormat.openOrMake(datasets.root(), KIND, directory -> Optional.empty());
        place.prepare(datasets, ZfsDatasets.GROUPS);
        Path state = datasets.root().resolve("state");
        for (String name : List.of("db", "locks", "owners", "caches", "sandbox")) {
            Files.createDirectories(state.resolve(name));
        }
        owner = new Owner(state.resolve("owners"));
        locks = new FileLocks(state.resolve("locks"));
        trees = new ZfsTrees(zfs, datasets, owner);
        caches = new Caches(datasets.root(), owner, CacheNames.DATASETS, trees);
        results = new ZfsResults(zfs, datasets);
        files = new ZfsFiles(datasets.root());
        notes = new ZfsNotes(datasets.root());
    }

    @Override
    public String name() {
        return KIND + ":" + datasets.dataset();
    }

    @Override
    public Path root() {
        return datasets.root();
    }

    @Override
    public Optional<String> whyUnsupported() throws IOException {
        return ZfsPlace.whyUnsupported(zfs);
    }

    @Override
    public boolean isMadeByReference() {
        return format.madeByReference();
    }

    @Override
    public Optional<Snapshot> find(SnapshotId id) throws IOException {
        Optional<ZfsResults.Result> result = results.find(id).filter(ZfsResults.Result::finished);
        if (result.isEmpty()) {
            return Optional.empty();
        }
        String name = filesOf(id, result.get());
        return Optional.of(new Snapshot(id, result.get().parent(), files.log(name), files.env(name)));
    }

    /** Where its log and environment lie; those of a result that the reference made are copied once. */
    private String filesOf(SnapshotId id, ZfsResults.Result result) throws IOException {
        if (result.files().filter(files::exist).isPresent()) {
            return result.files().get();
        }
        try (FileLocks.Held held = locks.lock("files-" + id.hex(), new Cancellation())) {
            Optional<String> now = results.find(id).flatMap(ZfsResults.Result::files);
            if (now.filter(files::exist).isPresent()) {
                return now.get(); // somebody else was faster
            }
            String name = owner.newName();
            try (ZfsView view = view(id)) {
                files.copyFrom(view.top(), name);
            }
            zfs.set(result.dataset(), ZfsDatasets.FILES, name);
            return name;
        }
    }

    @Override
    public Collection<SnapshotId> list() throws IOException {
        return results.list();
    }

    @Override
    public boolean countsItself() {
        return true;
    }

    @Override
    public Draft begin(SnapshotId id, Optional<SnapshotId> base) throws IOException {
        ZfsDraft draft = new ZfsDraft(zfs, datasets, results, files, notes, id, owner.newName());
        boolean begun = false;
        try {
            if (base.isPresent()) {
                ZfsResults.Result result = finished(base.get());
                draft.cloneFrom(base.get(), result, filesOf(base.get(), result));
            } else {
                draft.make(OperatingSystem.isMac() ? ZfsParts.OF_MACOS : List.of());
            }
            begun = true;
            return draft;
        } finally {
            if (!begun) {
                draft.close();
            }
        }
    }

    private ZfsResults.Result finished(SnapshotId base) throws IOException {
        return results.find(base)
                .filter(ZfsResults.Result::finished)
                .orElseThrow(() -> new StoreException(
                        "cannot build on the snapshot " + base + ": it is not in the store " + name()));
    }

    @Override
    public View open(SnapshotId id) throws IOException {
        return view(id);
    }

    private ZfsView view(SnapshotId id) throws IOException {
        ZfsResults.Result result = results.find(id)
                .filter(ZfsResults.Result::finished)
                .orElseThrow(() -> new StoreException("there is no snapshot " + id + " in " + name()));
        return ZfsView.of(zfs, datasets, result, datasets.temporaryResult(owner.newName()));
    }

    /** It is renamed, which takes no longer for a large one; destroying it does. */
    @Override
    public Closeable delete(SnapshotId id) throws IOException {
        Optional<ZfsResults.Result> result = results.find(id).filter(ZfsResults.Result::finished);
        if (result.isEmpty()) {
            return () -> {};
        }
        new ZfsKeepers(zfs, datasets).insistOnNone(result.get().dataset());
        String gone = datasets.temporaryResult(ZfsRepair.GONE + owner.newName());
        zfs.unmountAllUnlessUsed(result.get().dataset());
        zfs.rename(result.get().dataset(), gone);
        return () -> {
            if (result.get().files().isPresent()) {
                files.remove(result.get().files().get());
            }
            if (!zfs.destroy(gone)) {
                // A build that was killed began something on it, or somebody still reads it: then it goes when that has
                // gone.
                repair();
                new ZfsKeepers(zfs, datasets).insistOnNone(gone);
            }
        };
    }

    private ZfsRepair repairs() {
        ZfsCommands quick = zfs.withoutPatience();
        return new ZfsRepair(quick, datasets, results, new ZfsTrees(quick, datasets, owner), files, notes);
    }

    @Override
    public Space space() throws IOException {
        return zfs.space(datasets.dataset());
    }

    @Override
    public boolean reclaim(Cancellation cancellation) throws IOException {
        return trees.reclaim(cancellation);
    }

    @Override
    public CacheDraft cache(String name, Op.User.Ids user) throws IOException {
        return caches.draft(name, user);
    }

    @Override
    public Collection<String> caches() throws IOException {
        return caches.names();
    }

    @Override
    public void deleteCache(String file) throws IOException {
        caches.delete(file);
    }

    @Override
    public Collection<StoreFindings.Finding> examine() throws IOException {
        return repairs().look(owner.dead()).stream()
                .map(what -> new StoreFindings.Finding(StoreFindings.Kind.LEFT_OVER, what))
                .toList();
    }

    @Override
    public Collection<String> repair() throws IOException {
        return repairs().repair(owner.dead());
    }

    @Override
    public Optional<Relocation> relocation() {
        return Optional.of(new ZfsRelocation(zfs, datasets));
    }

    @Override
    public void close() throws IOException {
        owner.close();
    }
}
