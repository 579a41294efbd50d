package io.jenkins.plugins.obuilder.host;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the system says of a file.
 *
 * @param mode permissions with the set-uid, set-gid and sticky bits: 07777 and below
 * @param size in bytes
 * @param mtime when its contents last changed
 * @param ctime when anything of it last changed: cannot be set by anybody
 * @param deviceMajor of a device file; 0 for other kinds
 * @param fileSystem the device it lies on: together with {@code inode} it names the file
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
        long fileSystem) {

    /** The size of {@code struct statx}. */
    static final int BYTES = 256;

    /**
     * A moment, in seconds since 1970 and nanoseconds beyond them.
     */
    public record FileTime(long seconds, int nanos) {
        /** As {@code equals}, which a record's first call in a process makes up at run time, and that takes a while. */
        public boolean isSame(FileTime other) {
            return seconds == other.seconds && nanos == other.nanos;
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

    /** Reads {@code struct statx}, whose layout is the same on every architecture (linux/stat.h). */
    static FileStat ofStatx(byte[] result) {
        ByteBuffer b = ByteBuffer.wrap(result).order(ByteOrder.nativeOrder());
        int mode = b.getShort(28) & 0xffff;
        return new FileStat(
                FileKind.ofMode(mode),
                mode & 07777,
                b.getInt(20),
                b.getInt(24),
                b.getLong(40),
                b.getLong(48),
                new FileTime(b.getLong(112), b.getInt(120)),
                new FileTime(b.getLong(96), b.getInt(104)),
                b.getLong(32),
                b.getInt(16),
                b.getInt(128),
                b.getInt(132),
                ((long) b.getInt(136) << 32) | (b.getInt(140) & 0xffffffffL));
    }
}
