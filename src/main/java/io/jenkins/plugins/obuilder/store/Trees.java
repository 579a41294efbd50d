package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How one kind of file system makes, copies, moves and removes whole trees: results, caches and what is to become one. A tree is a plain
 * directory, or what the file system has in its place (a subvolume, a dataset). The directories that trees lie in belong to the store
 * alone; what is in a tree may be anybody's.
 */
interface Trees {
    /** Makes an empty, writable one, root's and with the permissions 0755. */
    void make(Path tree) throws IOException;

    /**
     * Makes a writable copy of a finished one.
     *
     * @param what is copied, for messages: {@code "the cache dl"}
     */
    void copy(Path tree, Path copy, String what) throws IOException;

    /** Whether a finished one is at its place. */
    default boolean exists(Path place) throws IOException {
        return Files.isDirectory(place);
    }

    /** Names of all that is in a directory of finished ones, in no order. */
    default List<String> names(Path directory) throws IOException {
        try (Dir dir = Dir.open(directory)) {
            return dir.list().stream().map(entry -> Bytes.toText(entry.name())).toList();
        }
    }

    /** Moves one that is finished to its place, where nothing is, in one go: it is wholly there, or not at all. */
    void place(Path tree, Path place) throws IOException;

    /**
     * Takes one away from its place, in one go.
     *
     * @param temporary where it may lie until it is removed
     * @return frees its space when closed, which may take a while
     */
    Closeable takeAway(Path place, Path temporary) throws IOException;

    /** Removes a temporary one, or whatever else is there; does nothing when nothing is. */
    void remove(Path temporary) throws IOException;

    /**
     * Waits until the space of what was removed can be used again.
     *
     * @param cancellation ends the wait
     * @return false when that took too long, or was ended
     */
    boolean reclaim(Cancellation cancellation) throws IOException;
}
