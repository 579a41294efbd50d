package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.FileSystemKind;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Each snapshot is a read-only subvolume of btrfs. */
final class BtrfsStore extends TreeStore {
    static final String KIND = "btrfs";

    private final BtrfsTrees btrfs;

    BtrfsStore(Path root, Commands commands) throws IOException {
        this(root, new BtrfsTrees(commands));
    }

    BtrfsStore(Path root, BtrfsTrees btrfs) throws IOException {
        super(KIND, root, btrfs, CacheNames.PREFIXED, BtrfsStore::whyNotIn);
        this.btrfs = btrfs;
    }

    private static Optional<String> whyNotIn(Path directory) throws IOException {
        String kind = FileSystemKind.of(directory);
        return kind.equals(KIND)
                ? Optional.empty()
                : Optional.of("its file system is " + kind + ", not btrfs; overlayfs:PATH and rsync:PATH work there");
    }

    @Override
    public Optional<String> whyUnsupported() throws IOException {
        Path probe = root.resolve("result-tmp").resolve(owner.newName());
        try {
            trees.make(probe);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("subvolumes are refused in " + root + ": " + e.getMessage() + "; it takes root");
        } finally {
            trees.remove(probe);
        }
    }

    @Override
    protected void derive(Path base, Path draft, SnapshotId id) throws IOException {
        trees.copy(base, draft, "the snapshot " + id);
        Files.deleteIfExists(draft.resolve("log"));
    }

    /** A snapshot has nothing of what lies in nested subvolumes, which any build step can make. */
    @Override
    protected void beforeCommit(Path draft) throws IOException {
        btrfs.dissolveNested(draft);
    }

    @Override
    protected void afterCommit(Path result) throws IOException {
        btrfs.makeReadOnly(result);
    }
}
