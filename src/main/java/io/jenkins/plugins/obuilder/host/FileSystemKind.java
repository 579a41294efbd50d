package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;

/** Which kind of file system a directory lies on (statfs(2) and linux/magic.h). */
public final class FileSystemKind {
    private static final int STATFS_BYTES = 256;

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

    private FileSystemKind() {}

    /** Its usual name, such as {@code "btrfs"} (ext2 and ext3 cannot be told from {@code "ext4"}); its number in hex when it has none here. */
    public static String of(Path directory) throws HostException {
        byte[] result = new byte[STATFS_BYTES];
        String name = Bytes.ofText(directory.toAbsolutePath().toString());
        try {
            Calls.statfs(FileCalls.name(name), result);
        } catch (LastErrorException e) {
            throw Dir.failed("look at the file system of", name, e);
        }
        long magic = ByteBuffer.wrap(result).order(ByteOrder.nativeOrder()).getLong() & 0xffffffffL;
        return NAMES.getOrDefault(magic, "0x" + Long.toHexString(magic));
    }

    private static final class Calls {
        static {
            Native.register(Calls.class, "c");
        }

        static native int statfs(byte[] path, byte[] result) throws LastErrorException;
    }
}
