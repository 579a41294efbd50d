package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.nio.file.Path;

/** By {@code /dev/fuse} of Linux (linux/fuse.h). */
final class LinuxFuse implements FuseConnection {
    /** As what such mounts are listed, see {@link MountPoint#type}. */
    static final String TYPE = "fuse.obuilderfs";

    private static final String DEVICE = "/dev/fuse";
    private static final String SOURCE = "obuilderfs";

    private final int fd;

    private LinuxFuse(int fd) {
        this.fd = fd;
    }

    static LinuxFuse mount(Path target, boolean readOnly) throws HostException {
        int fd;
        try {
            fd = LinuxFileCalls.openat(
                    LinuxFileCalls.AT_FDCWD,
                    FileCalls.name(DEVICE),
                    LinuxFileCalls.O_RDWR | LinuxFileCalls.O_CLOEXEC,
                    0);
        } catch (LastErrorException e) {
            throw new HostException(
                    "cannot open " + DEVICE + ": " + Posix.describe(e) + "; load the kernel's module: modprobe fuse",
                    e);
        }
        boolean done = false;
        try {
            String options = "fd=" + fd + ",rootmode=40000,user_id=0,group_id=0,allow_other";
            long flags = LinuxCalls.MS_NOSUID | LinuxCalls.MS_NODEV | (readOnly ? LinuxCalls.MS_RDONLY : 0);
            LinuxMounts.mount(SOURCE, Mounts.name(target), TYPE, flags, options);
            done = true;
            return new LinuxFuse(fd);
        } finally {
            if (!done) {
                LinuxFileCalls.close(fd);
            }
        }
    }

    @Override
    public int receive(NativeBuffer into) throws HostException {
        while (true) {
            long n = ServerCalls.read(fd, into.at(0), into.size());
            if (n >= 0) {
                return (int) n;
            }
            int error = Native.getLastError();
            if (error == Errno.ENODEV || error == Errno.ECONNABORTED) {
                return 0;
            }
            // ENOENT: whoever asked was interrupted before the request was taken.
            if (error != Errno.EINTR && error != Errno.EAGAIN && error != Errno.ENOENT) {
                throw new HostException("cannot read from " + DEVICE + ": " + Posix.strerror(error));
            }
        }
    }

    @Override
    public void send(NativeBuffer from, int length) throws HostException {
        if (ServerCalls.write(fd, from.at(0, length), length) < 0) {
            int error = Native.getLastError();
            if (error != Errno.ENOENT && error != Errno.ENODEV && error != Errno.ECONNABORTED && error != Errno.EINTR) {
                throw new HostException("cannot write to " + DEVICE + ": " + Posix.strerror(error));
            }
        }
    }
}
