package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.FileStat;
import java.util.Map;

/**
 * What a file has beside its contents.
 *
 * @param mode the twelve permission bits
 * @param uid an unsigned number of 32 bits
 * @param gid an unsigned number of 32 bits
 * @param xattrs by name (byte string)
 */
record Attributes(int mode, int uid, int gid, FileStat.FileTime mtime, Map<String, byte[]> xattrs) {

    static Attributes of(TarEntry entry) {
        return new Attributes(entry.mode(), (int) entry.uid(), (int) entry.gid(), entry.mtime(), entry.xattrs());
    }

    static Attributes of(FileStat stat, Map<String, byte[]> xattrs) {
        return new Attributes(stat.mode(), stat.uid(), stat.gid(), stat.mtime(), xattrs);
    }

    /** Of a directory that an image takes for granted without bringing it. */
    static Attributes taken(FileStat.FileTime mtime) {
        return new Attributes(0755, 0, 0, mtime, Map.of());
    }
}
