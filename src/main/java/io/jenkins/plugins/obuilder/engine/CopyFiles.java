package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.Manifest;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The file work of {@code copy} steps. Thread-safe. */
public interface CopyFiles {
    static CopyFiles ofThisMachine() {
        return new HostCopyFiles(Optional.empty());
    }

    /** The same, with digests remembered from build to build in a directory that only root can write. */
    static CopyFiles remembering(Path directory) {
        return new HostCopyFiles(Optional.of(directory));
    }

    /**
     * Looks at what a {@code copy} copies, and hashes it. No link is followed and nothing outside {@code root} is read.
     *
     * @param root the build context, or the root file system of a nested build's result
     * @param sources as the spec has them (byte strings)
     * @param exclude names to leave out at any depth below a source
     * @throws IOException when a source is missing or cannot be copied; the message names it
     */
    Listing list(Path root, List<String> sources, List<String> exclude, Cancellation cancellation) throws IOException;

    /** The same for a step that writes it into a draft of this store: large files may be copied while they are hashed. */
    default Listing listFor(
            Store store, Path root, List<String> sources, List<String> exclude, Cancellation cancellation)
            throws IOException {
        return list(root, sources, exclude, cancellation);
    }

    /** What was found elsewhere, and is read again from there. */
    static Listing listing(List<Manifest> manifests, CopyOrigin origin) {
        return new CopyListing(manifests, origin);
    }

    /** What was found: valid as long as {@code root} is there. */
    interface Listing extends Closeable {
        /** Nothing more is written from it. */
        @Override
        default void close() throws IOException {
            // nothing is held
        }

        /** What goes into the step's id, one for each source in the order of the spec. */
        List<Manifest> manifests();

        /**
         * Gives what was copied already to a draft in which nothing was done yet, before it is written there.
         *
         * @return to be closed when it is written
         */
        default Closeable handTo(Store.Draft draft) throws IOException {
            return () -> {};
        }

        /**
         * Writes it below a root file system, following no link out of it. Existing directories keep their owner and mode.
         *
         * @param target where to and as whom
         * @param intoDirectory whether the sources go into {@code target} under their own names, rather than the one becoming it
         * @throws IOException when a file cannot be read or written, or is no longer what was hashed; the message names it
         */
        void writeTo(Path rootfs, Sandbox.CopyTarget target, boolean intoDirectory, Cancellation cancellation)
                throws IOException;
    }
}
