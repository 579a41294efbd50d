package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** statfs(2) and the numbers in linux/magic.h. */
final class LinuxStatfs {
    private static final int BYTES = 256;

    private static final Map<Long, String> NAMES = Map.ofEntries(
            Map.entry(0xef53L, "ext4"),
            Map.entry(0x9123683eL, "btrfs"),
            Map.entry(0x58465342L, "xfs"),
            Map.entry(0x01021994L, "tmpfs"),
            Map.entry(0x794c7630L, "overlayfs"),
            Map.entry(0x2fc12fc1L, "zfs"),
            Map.entry(0x65735546L, "fuse"),
            Map.entry(0x6969L, "nfs"),
            Map.entry(0xf2f52010L, "f2fs"));

    static {
        NativeCode.bindToLinux(LinuxStatfs.class);
    }

    private LinuxStatfs() {}

    private static native int statfs(byte[] path, byte[] result) throws LastErrorException;

    /** The kind of file system that a path leads to. */
    static String kind(byte[] path) throws LastErrorException {
        byte[] result = new byte[BYTES];
        statfs(path, result);
        long magic = ByteBuffer.wrap(result).order(ByteOrder.nativeOrder()).getLong() & 0xffffffffL;
        return NAMES.getOrDefault(magic, "0x" + Long.toHexString(magic));
    }
}
