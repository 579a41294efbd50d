package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.file.Path;

/** Which kind of file system a directory lies on. */
public final class FileSystemKind {
    private FileSystemKind() {}

    /**
     * Its usual name, such as {@code "btrfs"} or {@code "apfs"}; on Linux ext2 and ext3 cannot be told from {@code "ext4"}, and what is not
     * known here is a number in hex.
     */
    public static String of(Path directory) throws HostException {
        String name = Bytes.ofText(directory.toAbsolutePath().toString());
        try {
            byte[] path = FileCalls.name(name);
            return Kernel.isLinux() ? LinuxStatfs.kind(path) : darwin(path);
        } catch (LastErrorException e) {
            throw FileCalls.here().failed("look at the file system of", name, e);
        }
    }

    private static String darwin(byte[] path) {
        byte[] result = new byte[DarwinStatfs.BYTES];
        DarwinLibrary.checked(DarwinLibC.statfs(path, result));
        return DarwinStatfs.at(result, 0).type();
    }
}
