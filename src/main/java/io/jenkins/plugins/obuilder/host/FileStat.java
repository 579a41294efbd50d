package io.jenkins.plugins.obuilder.host;

import java.nio.ByteBuffer;

/**
 * What the system says of a file.
 *
 * @param mode permissions with the set-uid, set-gid and sticky bits: 07777 and below
 * @param size in bytes
 * @param mtime when its contents last changed
 * @param ctime when anything of it last changed: cannot be set by anybody
 * @param deviceMajor of a device file; 0 for other kinds
 * @param fileSystem the device it lies on: together with {@code inode} it names the file
 * @param mayBeMountPoint false when nothing is mounted there; only Linux from 5.8 on knows
 */
public record FileStat(
        FileKind kind,
        int mode,
        int uid,
        int gid,
        long size,
        long blocks512,
        FileTime mtime,
        FileTime ctime,
        long inode,
        int links,
        int deviceMajor,
        int deviceMinor,
        long fileSystem,
        boolean mayBeMountPoint) {

    /**
     * A moment, in seconds since 1970 and nanoseconds beyond them.
     */
    public record FileTime(long seconds, int nanos) {
        /** As {@code equals}, which a record's first call in a process makes up at run time, and that takes a while. */
        public boolean isSame(FileTime other) {
            return seconds == other.seconds && nanos == other.nanos;
        }

        /** Two {@code struct timespec}, for access and modification: the same wherever a long is 64 bits wide. */
        long[] twice() {
            return new long[] {seconds, nanos, seconds, nanos};
        }
    }

    public boolean isDirectory() {
        return kind == FileKind.DIRECTORY;
    }

    public boolean isFile() {
        return kind == FileKind.FILE;
    }

    public boolean isSymlink() {
        return kind == FileKind.SYMLINK;
    }

    public boolean isExecutable() {
        return (mode & 0111) != 0;
    }

    /** Whether both are of one file whose contents, owner and permissions did not change in between, as far as its times tell. */
    public boolean isUnchanged(FileStat other) {
        return isSameFile(other) && size == other.size && mtime.isSame(other.mtime) && ctime.isSame(other.ctime);
    }

    /**
     * Whether it belongs to the tree of a directory on this file system: another one is not mounted there. An overlay whose layers are of
     * several file systems has directories of its own, and files that bear the numbers of theirs.
     */
    public boolean isWithin(long fileSystemOfDirectory) {
        return fileSystem == fileSystemOfDirectory || !isDirectory() && !mayBeMountPoint;
    }

    /** Whether both are the same file (not merely the same contents). */
    public boolean isSameFile(FileStat other) {
        return inode == other.inode && fileSystem == other.fileSystem;
    }

    /** All of it as bytes: differs whenever anything differs. */
    public byte[] toBytes() {
        ByteBuffer b = ByteBuffer.allocate(12 * Long.BYTES);
        b.putInt(kind.ordinal())
                .putInt(mode)
                .putInt(uid)
                .putInt(gid)
                .putLong(size)
                .putLong(blocks512);
        b.putLong(mtime.seconds).putInt(mtime.nanos).putLong(ctime.seconds).putInt(ctime.nanos);
        b.putLong(inode).putInt(links).putInt(deviceMajor).putInt(deviceMinor).putLong(fileSystem);
        return b.array();
    }
}
