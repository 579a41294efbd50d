package io.jenkins.plugins.obuilder.host;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@code struct stat} with a 64-bit inode: {@code __DARWIN_STRUCT_STAT64} in bsd/sys/stat.h of xnu, {@code Stat_t} in ztypes_darwin_arm64.go
 * of golang/sys. Both processors have the same layout.
 */
final class DarwinStat {
    static final int BYTES = 144;

    private static final int DEVICE = 0;
    private static final int MODE = 4;
    private static final int LINKS = 6;
    private static final int INODE = 8;
    private static final int UID = 16;
    private static final int GID = 20;
    private static final int OWN_DEVICE = 24;
    private static final int MTIME = 48;
    private static final int CTIME = 64;
    private static final int SIZE = 96;
    private static final int BLOCKS = 104;
    private static final int FLAGS = 116;

    /** {@code major()} and {@code minor()} of sys/types.h. */
    private static final int MAJOR_SHIFT = 24;

    private static final int MINOR_MASK = 0xffffff;

    private DarwinStat() {}

    private static ByteBuffer buffer(byte[] result) {
        return ByteBuffer.wrap(result).order(ByteOrder.nativeOrder());
    }

    static FileStat of(byte[] result) {
        ByteBuffer b = buffer(result);
        int mode = b.getShort(MODE) & 0xffff;
        FileKind kind = FileKind.ofMode(mode);
        boolean device = kind == FileKind.CHARACTER_DEVICE || kind == FileKind.BLOCK_DEVICE;
        int number = device ? b.getInt(OWN_DEVICE) : 0;
        return new FileStat(
                kind,
                mode & 07777,
                b.getInt(UID),
                b.getInt(GID),
                b.getLong(SIZE),
                b.getLong(BLOCKS),
                time(b, MTIME),
                time(b, CTIME),
                b.getLong(INODE),
                b.getShort(LINKS) & 0xffff,
                number >>> MAJOR_SHIFT,
                number & MINOR_MASK,
                fileSystem(b.getInt(DEVICE)),
                true);
    }

    private static FileStat.FileTime time(ByteBuffer b, int at) {
        return new FileStat.FileTime(b.getLong(at), (int) b.getLong(at + 8));
    }

    /** What chflags(2) set. */
    static int flags(byte[] result) {
        return buffer(result).getInt(FLAGS);
    }

    /** As {@link FileStat#fileSystem} has it: the major number in the upper half. */
    static long fileSystem(int device) {
        return (long) (device >>> MAJOR_SHIFT) << 32 | (device & MINOR_MASK);
    }

    /** {@code makedev()} of sys/types.h. */
    static int deviceNumber(int major, int minor) {
        return major << MAJOR_SHIFT | minor & MINOR_MASK;
    }
}
