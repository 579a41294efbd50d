package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code copy} on the real file system. */
final class HostCopyFiles implements CopyFiles {
    @Override
    public Listing list(Path root, List<String> sources, List<String> exclude, Cancellation cancellation)
            throws IOException {
        try (CopySource source = new CopySource(root, exclude, cancellation)) {
            return source.list(sources);
        }
    }
}
