package io.jenkins.plugins.obuilder.host;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** {@code struct statx}, whose layout is the same on every architecture (linux/stat.h). */
final class LinuxStat {
    static final int BYTES = 256;

    /** {@code STATX_ATTR_MOUNT_ROOT} */
    private static final long MOUNT_ROOT = 0x2000;

    private LinuxStat() {}

    static FileStat of(byte[] result) {
        ByteBuffer b = ByteBuffer.wrap(result).order(ByteOrder.nativeOrder());
        int mode = b.getShort(28) & 0xffff;
        long attributes = b.getLong(8);
        long known = b.getLong(56);
        return new FileStat(
                FileKind.ofMode(mode),
                mode & 07777,
                b.getInt(20),
                b.getInt(24),
                b.getLong(40),
                b.getLong(48),
                new FileStat.FileTime(b.getLong(112), b.getInt(120)),
                new FileStat.FileTime(b.getLong(96), b.getInt(104)),
                b.getLong(32),
                b.getInt(16),
                b.getInt(128),
                b.getInt(132),
                ((long) b.getInt(136) << 32) | (b.getInt(140) & 0xffffffffL),
                (known & MOUNT_ROOT) == 0 || (attributes & MOUNT_ROOT) != 0);
    }

    /** As libc wants it: makedev(3). */
    static long deviceNumber(int major, int minor) {
        return (minor & 0xffL) | (major & 0xfffL) << 8 | (minor & ~0xffL) << 12 | (major & ~0xfffL) << 32;
    }
}
