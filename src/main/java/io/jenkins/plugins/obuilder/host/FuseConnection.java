package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.nio.file.Path;

/**
 * The kernel's side of a file system in user space, as {@code /dev/fuse} gives it: requests come out, replies go in (linux/fuse.h). The
 * kernel ends it when the process that has it ends, however that happens; what is mounted then answers "not connected" at once.
 * Thread-safe.
 */
public final class FuseConnection {
    /** As what such mounts are listed, see {@link MountPoint#type}. */
    public static final String TYPE = "fuse.obuilderfs";

    private static final String DEVICE = "/dev/fuse";
    private static final String SOURCE = "obuilderfs";

    private final int fd;

    private FuseConnection(int fd) {
        this.fd = fd;
    }

    /**
     * Mounts a file system for all users, without devices and set-uid programs; from now on somebody must {@link #receive}.
     *
     * @param target a directory whose path is trusted
     * @throws HostException also when the kernel has no FUSE
     */
    public static FuseConnection mount(Path target, boolean readOnly) throws HostException {
        int fd;
        try {
            fd = LinuxFileCalls.openat(
                    -100, FileCalls.name(DEVICE), LinuxFileCalls.O_RDWR | LinuxFileCalls.O_CLOEXEC, 0);
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
            return new FuseConnection(fd);
        } finally {
            if (!done) {
                LinuxFileCalls.close(fd);
            }
        }
    }

    /** Waits for the next request, which must find room. Returns its length; 0 when it is unmounted. */
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

    /** Sends the first bytes of a buffer as a reply; does nothing when nobody waits for it any more. */
    public void send(NativeBuffer from, int length) throws HostException {
        if (ServerCalls.write(fd, from.at(0, length), length) < 0) {
            int error = Native.getLastError();
            if (error != Errno.ENOENT && error != Errno.ENODEV && error != Errno.ECONNABORTED && error != Errno.EINTR) {
                throw new HostException("cannot write to " + DEVICE + ": " + Posix.strerror(error));
            }
        }
    }
}
