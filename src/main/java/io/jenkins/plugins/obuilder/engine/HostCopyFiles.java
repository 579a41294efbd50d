package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code copy} on the real file system. */
final class HostCopyFiles implements CopyFiles {
    private final Optional<Path> memory;
    private final Map<Path, CopyDigests> digests = new HashMap<>();

    /** @param memory the directory where digests are remembered; empty: nowhere */
    HostCopyFiles(Optional<Path> memory) {
        this.memory = memory;
    }

    @Override
    public Listing list(Path root, List<String> sources, List<String> exclude, Cancellation cancellation)
            throws IOException {
        return list(root, sources, exclude, EarlyCopies.none(), cancellation);
    }

    @Override
    public Listing listFor(
            Store store, Path root, List<String> sources, List<String> exclude, Cancellation cancellation)
            throws IOException {
        return list(root, sources, exclude, EarlyCopies.in(store), cancellation);
    }

    private Listing list(
            Path root, List<String> sources, List<String> exclude, EarlyCopies early, Cancellation cancellation)
            throws IOException {
        CopyDigests known = digests(root);
        try (CopySource source = new CopySource(root, exclude, known, early, cancellation)) {
            Listing listing = source.list(sources);
            known.save();
            return listing;
        }
    }

    private synchronized CopyDigests digests(Path root) throws IOException {
        if (memory.isEmpty()) {
            return CopyDigests.none();
        }
        Path real = root.toRealPath();
        CopyDigests known = digests.get(real);
        if (known == null) {
            known = CopyDigests.in(memory.get(), real);
            digests.put(real, known);
        }
        return known;
    }
}
