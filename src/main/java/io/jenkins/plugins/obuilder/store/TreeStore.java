package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Each snapshot is a whole root file system of its own, made in {@code result-tmp/} as a copy of the one before. */
abstract class TreeStore extends DirectoryStore {
    private static final String TEMPORARIES = "result-tmp";

    TreeStore(String kind, Path root, Trees trees, CacheNames cacheNames, StoreFormat.Fitness fit) throws IOException {
        super(kind, root, trees, cacheNames, List.of(TEMPORARIES), fit);
    }

    @Override
    public final Draft begin(SnapshotId id, Optional<SnapshotId> base) throws IOException {
        TreeDraft draft = new TreeDraft(id, root.resolve(TEMPORARIES).resolve(owner.newName()));
        boolean begun = false;
        try {
            if (base.isPresent()) {
                derive(finished(base.get()), draft.directory, base.get());
                Path link = draft.directory.resolve(ParentLink.NAME);
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, ParentLink.target(root.resolve("result"), id, base.get()));
            } else {
                trees.make(draft.directory);
                Files.createDirectory(draft.rootfs());
            }
            begun = true;
            return draft;
        } finally {
            if (!begun) {
                draft.close();
            }
        }
    }

    /** Makes a draft that has the base's root file system and environment. */
    protected void derive(Path base, Path draft, SnapshotId id) throws IOException {
        trees.make(draft);
        adopt(draft, base);
        trees.copy(base.resolve("rootfs"), draft.resolve("rootfs"), "the snapshot " + id);
    }

    @Override
    protected final boolean isBroken(Snapshot snapshot) {
        return !Files.isDirectory(result(snapshot.id()).resolve("rootfs"), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public View open(SnapshotId id) throws IOException {
        if (find(id).isEmpty()) {
            throw new StoreException("there is no snapshot " + id + " in " + name());
        }
        return new PlainView(result(id).resolve("rootfs"));
    }

    private final class TreeDraft extends DirectoryDraft {
        TreeDraft(SnapshotId id, Path directory) {
            super(id, directory);
        }

        @Override
        public Path rootfs() {
            return directory.resolve("rootfs");
        }

        @Override
        protected void settle() {}
    }
}
