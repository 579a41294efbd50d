package io.jenkins.plugins.obuilder.host;

import com.sun.jna.Library;
import com.sun.jna.Pointer;

/**
 * The functions of libSystem that files and mounts need, and their constants. Names are NUL-terminated bytes. Both processors have the same;
 * {@code mode_t} has 16 bits, {@code dev_t} 32, and both are passed as an int. Each constant was read in the header of xnu-11417 that is named
 * (bsd/sys/…) and is the same in zerrors_darwin_{amd64,arm64}.go of golang/sys or in src/unix/bsd/apple/mod.rs of rust-lang/libc.
 */
final class DarwinLibC {
    // fcntl.h
    static final int AT_FDCWD = -2;
    static final int AT_SYMLINK_NOFOLLOW = 0x20;
    static final int AT_REMOVEDIR = 0x80;

    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x4;
    static final int O_NOFOLLOW = 0x100;
    static final int O_CREAT = 0x200;
    static final int O_EXCL = 0x800;
    static final int O_DIRECTORY = 0x100000;
    /** Opens a link itself. */
    static final int O_SYMLINK = 0x200000;

    static final int O_CLOEXEC = 0x1000000;

    static final int F_FULLFSYNC = 51;
    static final int LOCK_SH = 1;
    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;

    /** _types/_seek_set.h: the other way round than on Linux. */
    static final int SEEK_HOLE = 3;

    static final int SEEK_DATA = 4;

    // stat.h
    static final int UF_IMMUTABLE = 0x2;
    static final int UF_APPEND = 0x4;
    static final int SF_IMMUTABLE = 0x20000;
    static final int SF_APPEND = 0x40000;
    static final int SF_NOUNLINK = 0x100000;
    /** What the system says of a file and nobody sets: {@code SF_SYNTHETIC}. */
    static final int SF_SYNTHETIC = 0xc0000000;

    // attr.h
    static final int ATTR_BIT_MAP_COUNT = 5;
    static final int ATTR_CMN_FLAGS = 0x40000;
    static final int FSOPT_NOFOLLOW = 0x1;

    // clonefile.h
    static final int CLONE_NOFOLLOW = 0x1;
    /** Kernels before macOS 13 do not know it. */
    static final int CLONE_ACL = 0x4;

    // mount.h
    static final int MNT_NOWAIT = 2;
    static final int MNT_FORCE = 0x80000;

    /** fsctl.h: {@code _IOW('A', 1, uint32_t)}, whose argument is FSCTL_SYNC_FULLSYNC and FSCTL_SYNC_WAIT, bits 0 and 1. */
    static final long FSIOC_SYNC_VOLUME = 0x80044101L;

    static final int FULLSYNC_AND_WAIT = 3;

    static {
        DarwinLibrary.bind(DarwinLibC.class);
    }

    private DarwinLibC() {}

    /** Those with a variable number of arguments: on Apple silicon these go to the stack, and others to registers. */
    interface Variadic extends Library {
        Variadic CALLS = DarwinLibrary.load(Variadic.class);

        /** With {@code O_CREAT}, which takes a mode. */
        int openat(int dir, byte[] name, int flags, Object... mode);

        int fcntl(int fd, int command, Object... argument);
    }

    /** Without {@code O_CREAT}: it does not look for another argument then. */
    static native int openat(int dir, byte[] name, int flags);

    static native int close(int fd);

    static native long read(int fd, Pointer buffer, long size);

    static native long write(int fd, Pointer buffer, long size);

    static native long lseek(int fd, long offset, int whence);

    static native int ftruncate(int fd, long size);

    static native int fsync(int fd);

    static native void sync();

    static native int ffsctl(int fd, long request, int[] argument, int options);

    static native int flock(int fd, int operation);

    static native int fstat(int fd, byte[] result);

    static native int fstatat(int dir, byte[] name, byte[] result, int flags);

    static native int fchown(int fd, int uid, int gid);

    static native int fchownat(int dir, byte[] name, int uid, int gid, int flags);

    static native int fchmod(int fd, int mode);

    static native int fchmodat(int dir, byte[] name, int mode, int flags);

    /** {@code times} is two {@code struct timespec} (seconds, nanoseconds): access, modification. */
    static native int futimens(int fd, long[] times);

    static native int utimensat(int dir, byte[] name, long[] times, int flags);

    static native int fchflags(int fd, int flags);

    static native int setattrlistat(int dir, byte[] name, int[] which, int[] value, long size, int options);

    static native int mkdirat(int dir, byte[] name, int mode);

    static native int symlinkat(byte[] target, int dir, byte[] name);

    static native int linkat(int fromDir, byte[] from, int toDir, byte[] to, int flags);

    static native int unlinkat(int dir, byte[] name, int flags);

    static native int renameat(int fromDir, byte[] from, int toDir, byte[] to);

    static native long readlinkat(int dir, byte[] name, byte[] result, long size);

    static native int clonefileat(int fromDir, byte[] from, int toDir, byte[] to, int flags);

    /** The stream owns the descriptor from then on. Null when it fails. */
    static native Pointer fdopendir(int fd);

    /** Returns an error number; {@code result} is {@code entry}, or null at the end. */
    static native int readdir_r(Pointer stream, Pointer entry, Pointer result);

    static native int closedir(Pointer stream);

    static native long flistxattr(int fd, byte[] names, long size, int options);

    static native long fgetxattr(int fd, byte[] name, byte[] value, long size, int position, int options);

    static native int fsetxattr(int fd, byte[] name, byte[] value, long size, int position, int options);

    static native int fremovexattr(int fd, byte[] name, int options);

    static native int statfs(byte[] path, byte[] result);

    /** Without a buffer it returns how many there are. */
    static native int getfsstat(byte[] result, int size, int flags);

    static native int unmount(byte[] path, int flags);

    /** Fails for whoever leads a group of processes, which is as well. */
    static native int setsid();

    static native int sysctlbyname(byte[] name, byte[] result, long[] size, Pointer newValue, long newSize);
}
