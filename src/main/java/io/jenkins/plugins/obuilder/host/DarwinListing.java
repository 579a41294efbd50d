package io.jenkins.plugins.obuilder.host;

import static io.jenkins.plugins.obuilder.host.DarwinLibrary.checked;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * The names in a directory. The system call below readdir(3) is nobody's to use here. Layout: {@code __DARWIN_STRUCT_DIRENTRY} in
 * bsd/sys/dirent.h of xnu, {@code Dirent} in ztypes_darwin_arm64.go of golang/sys.
 */
final class DarwinListing {
    private static final int NAME_LENGTH = 18;
    private static final int KIND = 20;
    private static final int NAME = 21;
    private static final int BYTES = 1048;
    private static final byte[] HERE = {'.', 0};

    private DarwinListing() {}

    /** From the beginning, and with a descriptor of its own: the stream closes it. */
    static List<Dir.Entry> of(int dir) {
        int own = checked(
                DarwinLibC.openat(dir, HERE, DarwinLibC.O_RDONLY | DarwinLibC.O_DIRECTORY | DarwinLibC.O_CLOEXEC));
        Pointer stream = DarwinLibC.fdopendir(own);
        if (stream == null) {
            int error = Native.getLastError();
            DarwinLibC.close(own);
            throw new LastErrorException(error);
        }
        try {
            return read(stream);
        } finally {
            DarwinLibC.closedir(stream);
        }
    }

    private static List<Dir.Entry> read(Pointer stream) {
        List<Dir.Entry> entries = new ArrayList<>();
        try (Memory entry = new Memory(BYTES);
                Memory result = new Memory(Native.POINTER_SIZE)) {
            while (true) {
                int error = DarwinLibC.readdir_r(stream, entry, result);
                if (error != 0) {
                    throw new LastErrorException(error);
                }
                if (result.getPointer(0) == null) {
                    return entries;
                }
                String name = Bytes.of(entry.getByteArray(NAME, entry.getShort(NAME_LENGTH) & 0xffff));
                if (!name.equals(".") && !name.equals("..")) {
                    entries.add(new Dir.Entry(name, FileKind.ofDirectoryType(entry.getByte(KIND))));
                }
            }
        }
    }
}
