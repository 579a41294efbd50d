package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;

/** The calls into libc that processes and mounts need on Linux. Paths and options are NUL-terminated bytes. */
final class LinuxCalls {
    static final long MS_RDONLY = 1;
    static final long MS_NOSUID = 2;
    static final long MS_NODEV = 4;
    static final long MS_REMOUNT = 32;
    static final long MS_BIND = 4096;
    static final long MS_REC = 16384;
    static final long MS_PRIVATE = 1 << 18;

    static final int MNT_DETACH = 2;
    static final int UMOUNT_NOFOLLOW = 8;

    static final int CLONE_NEWNS = 0x00020000;
    static final int CLONE_NEWIPC = 0x08000000;
    static final int CLONE_NEWNET = 0x40000000;

    static {
        NativeCode.bindToLinux(LinuxCalls.class);
    }

    private LinuxCalls() {}

    static native int mount(byte[] source, byte[] target, byte[] type, long flags, byte[] data)
            throws LastErrorException;

    static native int umount2(byte[] target, int flags) throws LastErrorException;

    /** For the calling thread alone. */
    static native int unshare(int flags) throws LastErrorException;

    /** Makes the calling process the leader of a session of its own, without a terminal; refused to leaders of a group. */
    static native int setsid() throws LastErrorException;

    /** For the calling thread: {@code header} and {@code data} as in linux/capability.h. */
    static native int capset(int[] header, int[] data) throws LastErrorException;

    /** Sets the groups that the process has beside its own. */
    static native int setgroups(long count, Pointer groups) throws LastErrorException;

    /** {@code limit} is {@code struct rlimit}: the current limit, the highest one. */
    static native int setrlimit(int what, long[] limit) throws LastErrorException;

    static native int socket(int domain, int type, int protocol) throws LastErrorException;

    static native int ioctl(int fd, long request, byte[] argument) throws LastErrorException;

    static native int close(int fd) throws LastErrorException;
}
