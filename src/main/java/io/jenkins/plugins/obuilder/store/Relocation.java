package io.jenkins.plugins.obuilder.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Shows directories of a store at other places of the host for a while, for sandboxes on systems where nothing can be mounted at two
 * places: a store whose snapshots are file systems mounts them elsewhere. Directories that a store cannot show elsewhere are renamed by
 * whoever needs them there.
 */
public interface Relocation {
    /**
     * Shows what a draft's root file system is, or is its directory {@code local}, or a cache's draft, at another place instead.
     *
     * @param directory as {@link Store.Draft#rootfs} or {@link Store.CacheDraft#directory} gave it, or {@code local} in the former
     * @param to an empty directory, or nothing; what lies there is hidden, or nothing is shown there
     * @return what brings it back, also when it is busy (nobody works in it any more, but the system may); empty when this store cannot
     *     show that directory elsewhere
     */
    Optional<Closeable> move(Path directory, Path to) throws IOException;

    /** Takes away whatever of this store a process that crashed has left shown at that place; the caller has the place to itself. */
    void clear(Path place) throws IOException;

    /** The programs that it runs. They must not lie where something is moved to. */
    List<String> programs();
}
