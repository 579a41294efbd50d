package io.jenkins.plugins.obuilder.host;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * {@code struct statfs} with a 64-bit inode: {@code __DARWIN_STRUCT_STATFS64} in bsd/sys/mount.h of xnu, {@code Statfs_t} in
 * ztypes_darwin_arm64.go of golang/sys.
 *
 * @param device of the file system
 * @param type such as {@code apfs}
 * @param mountedOn where
 * @param mountedFrom what
 */
record DarwinStatfs(int device, String type, byte[] mountedOn, byte[] mountedFrom) {
    static final int BYTES = 2168;

    private static final int DEVICE = 48;
    private static final int TYPE = 72;
    private static final int TYPE_LENGTH = 16;
    private static final int ON = 88;
    private static final int PATH_LENGTH = 1024;
    private static final int FROM = ON + PATH_LENGTH;

    /** One of several that lie one behind the other. */
    static DarwinStatfs at(byte[] all, int number) {
        int start = number * BYTES;
        return new DarwinStatfs(
                ByteBuffer.wrap(all).order(ByteOrder.nativeOrder()).getInt(start + DEVICE),
                Bytes.of(text(all, start + TYPE, TYPE_LENGTH)),
                text(all, start + ON, PATH_LENGTH),
                text(all, start + FROM, PATH_LENGTH));
    }

    private static byte[] text(byte[] all, int from, int most) {
        int end = from;
        while (end < from + most && all[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(all, from, end);
    }

    /** As Linux would list it: of a file system always the whole is mounted. */
    MountPoint mountPoint(int id) {
        return new MountPoint(
                id, DarwinStat.fileSystem(device), "/", Bytes.of(mountedOn), type, Bytes.of(mountedFrom), "");
    }
}
