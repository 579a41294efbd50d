package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What is peculiar to xfs. */
public final class Xfs {
    /** {@code XFS_IOC_FREE_EOFBLOCKS} and {@code struct xfs_fs_eofblocks} of xfs_fs.h. */
    private static final long FREE_EOFBLOCKS = 0x8080583aL;

    private static final int EOFBLOCKS_BYTES = 128;
    private static final int VERSION = 1;
    private static final int ONLY_OF_USER = 2;

    private Xfs() {}

    /**
     * Waits until the space of deleted files is free, which xfs sees to in the background. The request also gives up space that files
     * hold in reserve; it is made for those of nobody.
     *
     * @return false where the file system is another
     */
    public static boolean finishDeletions(Dir anywhere) throws HostException {
        if (!Kernel.isLinux()) {
            return false;
        }
        byte[] argument = new byte[EOFBLOCKS_BYTES];
        ByteBuffer.wrap(argument)
                .order(ByteOrder.nativeOrder())
                .putInt(VERSION)
                .putInt(ONLY_OF_USER)
                .putInt(-2);
        try {
            LinuxFileCalls.ioctl(anywhere.fd(), FREE_EOFBLOCKS, argument);
            return true;
        } catch (LastErrorException e) {
            if (KernelErrors.OF_LINUX.isUnsupported(e.getErrorCode())) {
                return false;
            }
            throw FileCalls.here().failed("free the space of what was deleted in", anywhere.display(), e);
        }
    }
}
