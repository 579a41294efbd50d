package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.Errno;
import io.jenkins.plugins.obuilder.host.FuseConnection;

/**
 * Which of the two kernels' forms of one protocol is spoken. Sources: linux/fuse.h, and fuse_kernel.h of macfuse/library, where
 * {@code __APPLE__} stands before what macFUSE's kernel extension adds to version 7.19.
 */
enum Dialect {
    LINUX(23, 31),
    /** With times of making and flags of chflags(2) in attributes, and Darwin's numbers of errors. Never spoken with a Mac. */
    MACFUSE(19, 19);

    private final int oldestMinor;
    private final int newestMinor;

    Dialect(int oldestMinor, int newestMinor) {
        this.oldestMinor = oldestMinor;
        this.newestMinor = newestMinor;
    }

    /** The one of the kernel that this process runs on. */
    static Dialect current() {
        return FuseConnection.isMacFuse() ? MACFUSE : LINUX;
    }

    int oldestMinor() {
        return oldestMinor;
    }

    /** The newest whose structures are used here; older kernels lack what is not used. */
    int newestMinor() {
        return newestMinor;
    }

    /** What is kept of the abilities of a Linux kernel: macFUSE means something else by most of these bits. */
    int abilities(int wanted) {
        return this == LINUX ? wanted : wanted & 1;
    }

    /** An error number of {@link Errno}, as this kernel has it (bsd/sys/errno.h of xnu). */
    int error(int error) {
        if (this == LINUX) {
            return error;
        }
        return switch (error) {
            case Errno.EAGAIN -> 35;
            case Errno.ENOSYS -> 78;
            case Errno.ELOOP -> 62;
            case Errno.EOPNOTSUPP -> 102;
            case Errno.ECONNABORTED -> 53;
            case Errno.ENOTCONN -> 57;
            case Errno.ESTALE -> 70;
            default -> error;
        };
    }
}
