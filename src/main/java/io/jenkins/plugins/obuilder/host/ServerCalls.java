package io.jenkins.plugins.obuilder.host;

/**
 * The calls into libc of {@link Descriptors}: no exceptions, since a file server gets errors all the time and passes them on, and plain
 * addresses, since a copy of each buffer would cost more than the call. Numbers of system calls are those that every architecture has.
 */
final class ServerCalls {
    static final int SYS_OPENAT2 = 437;
    static final int SYS_FACCESSAT2 = 439;

    static {
        NativeCode.bindToLinux(ServerCalls.class);
    }

    private ServerCalls() {}

    static native int openat(int dir, long name, int flags, int mode);

    static native int close(int fd);

    static native long read(int fd, long buffer, long size);

    static native long write(int fd, long buffer, long size);

    static native long pread(int fd, long buffer, long size, long offset);

    static native long pwrite(int fd, long buffer, long size, long offset);

    static native long lseek(int fd, long offset, int whence);

    static native long getdents64(int fd, long buffer, long size);

    static native int ftruncate(int fd, long size);

    static native int truncate(long path, long size);

    static native int fallocate(int fd, int mode, long offset, long length);

    static native int fsync(int fd);

    static native int fdatasync(int fd);

    static native long copy_file_range(int in, long inOffset, int out, long outOffset, long size, int flags);

    static native int statx(int dir, long name, int flags, int mask, long result);

    static native int fstatvfs(int fd, long result);

    static native int chmod(long path, int mode);

    static native int fchownat(int dir, long name, int uid, int gid, int flags);

    static native int utimensat(int dir, long name, long times, int flags);

    static native int mkdirat(int dir, long name, int mode);

    static native int mknodat(int dir, long name, int mode, long device);

    static native int unlinkat(int dir, long name, int flags);

    static native int symlinkat(long target, int dir, long name);

    static native int renameat2(int fromDir, long from, int toDir, long to, int flags);

    static native int linkat(int fromDir, long from, int toDir, long to, int flags);

    static native long readlinkat(int dir, long name, long result, long size);

    static native int setxattr(long path, long name, long value, long size, int flags);

    static native long getxattr(long path, long name, long value, long size);

    static native long listxattr(long path, long names, long size);

    static native int removexattr(long path, long name);

    static native long syscall(long number, long a, long b, long c, long d);

    /** For the calling thread alone, as is the next. */
    static native int setfsuid(int uid);

    static native int setfsgid(int gid);
}
