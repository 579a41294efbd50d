package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The flags of files that chattr(1) sets. */
final class FileFlags {
    /** {@code FS_IOC_GETFLAGS}, {@code FS_IOC_SETFLAGS}, {@code FS_IMMUTABLE_FL}, {@code FS_APPEND_FL} of linux/fs.h. */
    private static final long GET = 0x80086601L;

    private static final long SET = 0x40086602L;
    private static final int PROTECTED = 0x10 | 0x20;

    private FileFlags() {}

    /** Lets a directory's entries be removed again, and it. */
    static void unprotect(Dir directory) throws HostException {
        unprotect(directory.fd(), directory.display());
    }

    /** Lets a file be removed again. */
    static void unprotect(OpenFile file) throws HostException {
        unprotect(file.fd(), file.display());
    }

    private static void unprotect(int fd, String display) throws HostException {
        byte[] argument = new byte[Long.BYTES];
        ByteBuffer flags = ByteBuffer.wrap(argument).order(ByteOrder.nativeOrder());
        try {
            FileCalls.ioctl(fd, GET, argument);
            if ((flags.getInt(0) & PROTECTED) != 0) {
                flags.putInt(0, flags.getInt(0) & ~PROTECTED);
                FileCalls.ioctl(fd, SET, argument);
            }
        } catch (LastErrorException e) {
            int error = e.getErrorCode();
            if (error != FileCalls.ENOTTY && error != FileCalls.EOPNOTSUPP && error != FileCalls.ENOSYS) {
                throw Dir.failed("take away the protection of", display, e);
            }
        }
    }
}
