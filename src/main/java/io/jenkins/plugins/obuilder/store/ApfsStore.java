package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.TreeClone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Snapshots as clones of whole directories on APFS: one system call each. */
final class ApfsStore extends TreeStore {
    static final String KIND = "apfs";

    ApfsStore(Path root, Commands commands, TreeClone clone) throws IOException {
        super(
                KIND,
                root,
                new CloneTrees(commands, clone),
                CacheNames.CASELESS,
                directory -> whyNotIn(directory, clone));
    }

    private static Optional<String> whyNotIn(Path directory, TreeClone clone) throws IOException {
        Path original = directory.resolve("original");
        Path copy = directory.resolve("copy");
        try {
            Files.createDirectory(original);
            clone.clone(original, copy);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("directories cannot be cloned there (" + e.getMessage()
                    + "): it takes APFS; rsync:PATH works elsewhere");
        } finally {
            Files.deleteIfExists(copy);
            Files.deleteIfExists(original);
        }
    }

    @Override
    public Optional<String> whyUnsupported() {
        return Optional.empty(); // or it could not have been opened
    }

    private static final class CloneTrees extends PlainTrees {
        private final TreeClone clone;

        CloneTrees(Commands commands, TreeClone clone) {
            super(commands);
            this.clone = clone;
        }

        @Override
        public void copy(Path tree, Path copy, String what) throws IOException {
            clone.clone(tree, copy);
        }
    }
}
