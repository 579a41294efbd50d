package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;

/**
 * The calls into libc that files need on Linux, all relative to open directories. Names are NUL-terminated bytes. Constants and layouts are those
 * of Linux, the same on x86_64 and aarch64 where nothing else is said (linux/fcntl.h, linux/stat.h).
 */
final class LinuxFileCalls {
    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int STATX_BASIC_STATS = 0x7ff;

    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    static final int O_NONBLOCK = 04000;
    static final int O_CLOEXEC = 02000000;
    static final int O_PATH = 010000000;
    /** These two are swapped between the architectures. */
    static final int O_DIRECTORY = isArm() ? 040000 : 0200000;

    static final int O_NOFOLLOW = isArm() ? 0100000 : 0400000;

    static final int LOCK_SH = 1;
    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;

    /** {@code _IOW(0x94, 9, int)} of linux/fs.h. */
    static final long FICLONE = 0x40049409L;

    static {
        NativeCode.bindToLinux(LinuxFileCalls.class);
    }

    private LinuxFileCalls() {}

    private static boolean isArm() {
        return "aarch64".equals(System.getProperty("os.arch"));
    }

    static native int openat(int dir, byte[] name, int flags, int mode) throws LastErrorException;

    static native int close(int fd) throws LastErrorException;

    static native long read(int fd, Pointer buffer, long size) throws LastErrorException;

    static native long write(int fd, Pointer buffer, long size) throws LastErrorException;

    static native long lseek(int fd, long offset, int whence) throws LastErrorException;

    static native int ftruncate(int fd, long size) throws LastErrorException;

    static native int fsync(int fd) throws LastErrorException;

    static native int syncfs(int fd) throws LastErrorException;

    static native int futimens(int fd, long[] times) throws LastErrorException;

    static native long copy_file_range(int in, Pointer inOffset, int out, Pointer outOffset, long size, int flags)
            throws LastErrorException;

    static native int flock(int fd, int operation) throws LastErrorException;

    static native int fcntl(int fd, int command, int argument) throws LastErrorException;

    static native int ioctl(int fd, long request, int argument) throws LastErrorException;

    static native int ioctl(int fd, long request, byte[] argument) throws LastErrorException;

    static native long getdents64(int fd, Pointer buffer, long size) throws LastErrorException;

    static native int statx(int dir, byte[] name, int flags, int mask, byte[] result) throws LastErrorException;

    static native int mkdirat(int dir, byte[] name, int mode) throws LastErrorException;

    static native int symlinkat(byte[] target, int dir, byte[] name) throws LastErrorException;

    static native int linkat(int fromDir, byte[] from, int toDir, byte[] to, int flags) throws LastErrorException;

    static native int mknodat(int dir, byte[] name, int mode, long device) throws LastErrorException;

    static native int unlinkat(int dir, byte[] name, int flags) throws LastErrorException;

    static native int renameat(int fromDir, byte[] from, int toDir, byte[] to) throws LastErrorException;

    static native long readlinkat(int dir, byte[] name, byte[] result, long size) throws LastErrorException;

    static native int fchownat(int dir, byte[] name, int uid, int gid, int flags) throws LastErrorException;

    static native int fchmod(int fd, int mode) throws LastErrorException;

    static native int chmod(byte[] path, int mode) throws LastErrorException;

    /** {@code times} is two {@code struct timespec} (seconds, nanoseconds): access, modification. */
    static native int utimensat(int dir, byte[] name, long[] times, int flags) throws LastErrorException;

    static native long llistxattr(byte[] path, byte[] result, long size) throws LastErrorException;

    static native long lgetxattr(byte[] path, byte[] name, byte[] result, long size) throws LastErrorException;

    static native int lsetxattr(byte[] path, byte[] name, byte[] value, long size, int flags) throws LastErrorException;

    static native int lremovexattr(byte[] path, byte[] name) throws LastErrorException;
}
