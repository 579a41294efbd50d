package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.Descriptors;
import io.jenkins.plugins.obuilder.host.NativeBuffer;
import java.nio.ByteBuffer;

/** What one request is answered with: {@code struct fuse_out_header} of linux/fuse.h, then what belongs to the opcode. */
final class Reply {
    static final int HEADER = 16;

    private static final int DIRECTORY = 0040000;

    private final Dialect dialect;
    private final NativeBuffer buffer = new NativeBuffer(Request.MAX_DATA + 4096);
    private final ByteBuffer bytes = buffer.bytes();

    Reply(Dialect dialect) {
        this.dialect = dialect;
    }

    NativeBuffer buffer() {
        return buffer;
    }

    void begin() {
        bytes.clear().position(HEADER);
    }

    /** Puts what came of the request before it. Returns the length of it all. */
    int finish(long unique, int error) {
        int length = error == 0 ? bytes.position() : HEADER;
        bytes.putInt(0, length).putInt(4, -dialect.error(error)).putLong(8, unique);
        return length;
    }

    Reply putInt(int value) {
        bytes.putInt(value);
        return this;
    }

    Reply putShort(int value) {
        bytes.putShort((short) value);
        return this;
    }

    Reply putLong(long value) {
        bytes.putLong(value);
        return this;
    }

    Reply put(byte[] value) {
        bytes.put(value);
        return this;
    }

    Reply putZeros(int count) {
        for (int i = 0; i < count; i++) {
            bytes.put((byte) 0);
        }
        return this;
    }

    /** Says that so many bytes were put straight into the buffer, after the header. */
    void filled(int count) {
        bytes.position(HEADER + count);
    }

    /** How much the reply has beside its header. */
    int size() {
        return bytes.position() - HEADER;
    }

    /** Takes back what came after so many bytes. */
    void shrinkTo(int size) {
        bytes.position(HEADER + size);
    }

    /**
     * {@code struct fuse_entry_out} without the attributes, which follow: a node and its name may be remembered for so long.
     *
     * @param seconds both the name and the attributes
     */
    Reply putEntry(long node, long seconds) {
        return putLong(node)
                .putLong(0)
                .putLong(seconds)
                .putLong(seconds)
                .putInt(0)
                .putInt(0);
    }

    /** {@code struct fuse_attr_out} without the attributes, which follow. */
    Reply putAttributesFor(long seconds) {
        return putLong(seconds).putLong(0);
    }

    /** {@code struct fuse_attr} of something that is not on a disk. What macFUSE adds: when it was made, and flags, of which it has none. */
    Reply putAttributes(long inode, int mode, long size, long time) {
        boolean mac = dialect == Dialect.MACFUSE;
        putLong(inode).putLong(size).putLong(0).putLong(time).putLong(time).putLong(time);
        putLongIf(mac, time).putInt(0).putInt(0).putInt(0).putIntIf(mac, 0);
        int links = (mode & DIRECTORY) != 0 ? 2 : 1;
        return putInt(mode)
                .putInt(links)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putIntIf(mac, 0)
                .putInt(4096)
                .putInt(0);
    }

    private Reply putLongIf(boolean wanted, long value) {
        return wanted ? putLong(value) : this;
    }

    private Reply putIntIf(boolean wanted, int value) {
        return wanted ? putInt(value) : this;
    }

    /** {@code struct fuse_attr} of what {@link Descriptors#stat} has seen. */
    Reply putAttributes(long inode, Descriptors seen) {
        putLong(inode).putLong(seen.longOfStat(40)).putLong(seen.longOfStat(48));
        putLong(seen.longOfStat(64)).putLong(seen.longOfStat(112)).putLong(seen.longOfStat(96));
        putInt(seen.intOfStat(72)).putInt(seen.intOfStat(120)).putInt(seen.intOfStat(104));
        putInt(seen.modeOfStat()).putInt(seen.intOfStat(16));
        putInt(seen.intOfStat(20)).putInt(seen.intOfStat(24));
        int major = seen.intOfStat(128);
        int minor = seen.intOfStat(132);
        return putInt((minor & 0xff) | major << 8 | (minor & ~0xff) << 12)
                .putInt(seen.intOfStat(4))
                .putInt(0);
    }

    /**
     * {@code struct fuse_dirent}, unless it does not fit.
     *
     * @param next the position of what comes after it
     * @param limit how much the reply may have
     */
    boolean putDirectoryEntry(long inode, long next, int type, byte[] name, int limit) {
        int length = 24 + name.length + 7 & ~7;
        if (size() + length > limit) {
            return false;
        }
        putLong(inode).putLong(next).putInt(name.length).putInt(type).put(name).putZeros(length - 24 - name.length);
        return true;
    }
}
