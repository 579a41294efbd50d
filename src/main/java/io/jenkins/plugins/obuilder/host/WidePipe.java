package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pipes that hold more than the kernel's 64 KiB: who writes much waits less often for who reads it. */
final class WidePipe {
    private static final Logger LOG = LoggerFactory.getLogger(WidePipe.class);

    /** What the kernel allows everybody (/proc/sys/fs/pipe-max-size). */
    private static final int SIZE = 1 << 20;

    /** {@code F_SETPIPE_SZ} of linux/fcntl.h. */
    private static final int SET_SIZE = 1031;

    private WidePipe() {}

    /** Widens the pipe that a process was just started with as its standard output. Nothing depends on it. */
    static void atOutputOf(long pid) {
        if (!Kernel.isLinux()) {
            return;
        }
        byte[] path = FileCalls.name("/proc/" + pid + "/fd/1");
        try {
            int fd = LinuxFileCalls.openat(
                    LinuxFileCalls.AT_FDCWD,
                    path,
                    LinuxFileCalls.O_RDONLY | LinuxFileCalls.O_NONBLOCK | LinuxFileCalls.O_CLOEXEC,
                    0);
            try {
                LinuxFileCalls.fcntl(fd, SET_SIZE, SIZE);
            } finally {
                LinuxFileCalls.close(fd);
            }
        } catch (LastErrorException e) {
            // It has ended already, has changed to another user, or this user has too many such pipes.
            LOG.debug("the output of process {} keeps its pipe as it is", pid, e);
        }
    }
}
