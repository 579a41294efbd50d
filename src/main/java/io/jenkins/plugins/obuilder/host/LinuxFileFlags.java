package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The flags of files that chattr(1) sets. */
final class LinuxFileFlags {
    /** {@code FS_IOC_GETFLAGS}, {@code FS_IOC_SETFLAGS}, {@code FS_IMMUTABLE_FL}, {@code FS_APPEND_FL} of linux/fs.h. */
    private static final long GET = 0x80086601L;

    private static final long SET = 0x40086602L;
    private static final int PROTECTED = 0x10 | 0x20;

    private LinuxFileFlags() {}

    /** Lets an open file or directory, and what is in it, be removed again. */
    static void unprotect(int fd) {
        byte[] argument = new byte[Long.BYTES];
        ByteBuffer flags = ByteBuffer.wrap(argument).order(ByteOrder.nativeOrder());
        try {
            LinuxFileCalls.ioctl(fd, GET, argument);
            if ((flags.getInt(0) & PROTECTED) != 0) {
                flags.putInt(0, flags.getInt(0) & ~PROTECTED);
                LinuxFileCalls.ioctl(fd, SET, argument);
            }
        } catch (LastErrorException e) {
            if (!KernelErrors.OF_LINUX.isUnsupported(e.getErrorCode())) {
                throw e;
            }
        }
    }
}
