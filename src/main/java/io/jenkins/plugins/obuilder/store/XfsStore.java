package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileSystemKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Snapshots as copies whose files share their blocks: on xfs, and on whatever else has reflinks. */
final class XfsStore extends TreeStore {
    static final String KIND = "xfs";

    XfsStore(Path root, Commands commands) throws IOException {
        super(KIND, root, new ReflinkTrees(commands), CacheNames.PLAIN, XfsStore::whyNotIn);
    }

    private static Optional<String> whyNotIn(Path directory) throws IOException {
        try (Dir dir = Dir.open(directory)) {
            if (ReflinkCopy.worksIn(dir)) {
                return Optional.empty();
            }
        }
        String kind = FileSystemKind.of(directory);
        return Optional.of("its file system has no reflinks (it is " + kind + "): "
                + (kind.equals("xfs") ? "xfs must be made with mkfs.xfs -m reflink=1" : "they take xfs or btrfs")
                + "; overlayfs:PATH and rsync:PATH work without");
    }

    @Override
    public Optional<String> whyUnsupported() {
        return Optional.empty(); // or it could not have been opened
    }

    private static final class ReflinkTrees extends PlainTrees {
        ReflinkTrees(Commands commands) {
            super(commands);
        }

        @Override
        public void copy(Path tree, Path copy, String what) throws IOException {
            make(copy);
            try (Dir from = Dir.open(tree);
                    Dir to = Dir.open(copy)) {
                ReflinkCopy.copy(from, to);
            }
        }
    }
}
