package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.Manifest;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a {@code copy} found.
 *
 * @param origin reads it again
 */
record CopyListing(List<Manifest> manifests, CopyOrigin origin) implements CopyFiles.Listing {
    @Override
    public void writeTo(Path rootfs, Sandbox.CopyTarget target, boolean intoDirectory, Cancellation cancellation)
            throws IOException {
        try (Dir to = Dir.open(rootfs);
                CopyWriter writer = new CopyWriter(manifests, origin, to, target, cancellation)) {
            writer.write(intoDirectory);
        }
    }

    @Override
    public Closeable handTo(Store.Draft draft) throws IOException {
        return origin.handTo(draft);
    }

    @Override
    public void close() throws IOException {
        origin.close();
    }
}
