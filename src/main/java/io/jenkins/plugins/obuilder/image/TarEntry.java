package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.FileStat.FileTime;
import java.util.List;
import java.util.SortedMap;

/**
 * One member of a tar archive, as written there: nothing is cleaned up yet, so no name may be used before {@link EntryName} has judged it.
 *
 * @param type what it is
 * @param name byte string, perhaps absolute, perhaps with a slash at its end
 * @param link a link's target, a byte string; empty for other types
 * @param mode the twelve permission bits
 * @param uid 0 to 2^32 − 2
 * @param gid 0 to 2^32 − 2
 * @param mtime when its contents changed
 * @param size length of a file in bytes, holes included
 * @param stored how many bytes the archive holds for it
 * @param segments where in the file the stored bytes belong, in order; one from start to end for a file without holes
 * @param device of a device node
 * @param xattrs extended attributes and ACLs (as attributes), by name (byte string)
 */
record TarEntry(
        Type type,
        String name,
        String link,
        int mode,
        long uid,
        long gid,
        FileTime mtime,
        long size,
        long stored,
        List<Segment> segments,
        Device device,
        SortedMap<String, byte[]> xattrs) {

    /** What a member is. */
    enum Type {
        FILE,
        HARD_LINK,
        SYMLINK,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        DIRECTORY,
        FIFO
    }

    /** A piece of a sparse file that is no hole. */
    record Segment(long offset, long length) {}

    /** A device node's numbers. */
    record Device(int major, int minor) {}
}
