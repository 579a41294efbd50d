package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat.FileTime;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Manifest;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.Closeable;
import java.io.IOException;

/**
 * Where a {@code copy} reads again what it has listed, in order to write it. Everything here throws when something is no longer what was
 * listed; the message names it. Names are byte strings.
 */
public interface CopyOrigin extends Closeable {
    /** Nothing is read from it any more. */
    @Override
    default void close() throws IOException {
        // nothing is held
    }

    /** Gives what was copied already to a draft; closing what is returned removes what is left of it. */
    default Closeable handTo(Store.Draft draft) throws IOException {
        return () -> {};
    }

    /** Opens the directory that the listed paths are below. */
    Directory open() throws IOException;

    /** A directory. Used by one thread; the files that were opened in it may be read by others. */
    interface Directory extends Closeable {
        Directory open(String name) throws IOException;

        /** When it was last changed. */
        FileTime time() throws IOException;

        /** When a link in it was last changed. */
        FileTime time(Manifest.Symlink link) throws IOException;

        File open(Manifest.File file) throws IOException;
    }

    /** A regular file. */
    interface File extends Closeable {
        /** Whether the draft has a copy already, which is only to be put at its place. */
        default boolean isInDraft() {
            return false;
        }

        /** Puts the draft's copy where nothing is. */
        default void put(Dir to, String name) throws IOException {
            throw new IllegalStateException("there is no copy to put at " + name);
        }

        /** Writes all of it, unless the draft has it already, and says when it was last changed. */
        FileTime writeTo(OpenFile copy) throws IOException;
    }

    /** The last part of a listed path. */
    static String name(Manifest item) {
        return item.path().substring(item.path().lastIndexOf('/') + 1);
    }

    /** What to throw when something is no longer what was listed. */
    static IOException changed(Manifest item) {
        return new IOException("cannot copy \"" + Bytes.toText(item.path())
                + "\": it changed while it was being copied; see that nothing writes to it during the build");
    }
}
