package io.jenkins.plugins.obuilder.host;

import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;

/**
 * What a file server does with open files, for one of its threads. Every call answers with its result or with a negative
 * {@link Errno number}. A <em>node</em> is a descriptor that stands for a file of whatever kind without being open for reading or writing
 * ({@code O_PATH}); files are reached from node to node by one plain name, and no link is followed. Names are NUL-terminated bytes in a
 * buffer.
 */
public final class Descriptors {
    /** Bits of open(2)'s flags that matter to a server; the first two are swapped between the architectures. */
    public static final int O_DIRECT = isArm() ? 0200000 : 040000;

    public static final int O_NOFOLLOW = LinuxFileCalls.O_NOFOLLOW;
    public static final int O_CREAT = LinuxFileCalls.O_CREAT;
    public static final int O_DIRECTORY = LinuxFileCalls.O_DIRECTORY;

    private static final int NODE = LinuxFileCalls.O_PATH | LinuxFileCalls.O_NOFOLLOW | LinuxFileCalls.O_CLOEXEC;
    private static final int RESOLVE_NO_XDEV = 1;
    private static final int RESOLVE_NO_MAGICLINKS = 2;
    private static final int AT_SYMLINK_FOLLOW = 0x400;
    private static final int AT_STATX_DONT_SYNC = 0x4000;
    private static final int AT_EACCESS = 0x200;

    /** {@code UTIME_OMIT} and {@code UTIME_NOW} of stat(2), in the place of nanoseconds. */
    public static final long KEEP = 0x3ffffffe;

    public static final long NOW = 0x3fffffff;

    private static final int STAT = 0;
    private static final int EMPTY = STAT + LinuxStat.BYTES;
    private static final int HOW = EMPTY + 8;
    private static final int TIMES = HOW + 24;
    private static final int OFFSETS = TIMES + 32;
    private static final int SPACE = OFFSETS + 16;
    private static final int PATH = SPACE + 112;
    private static final int SCRATCH = PATH + 64;
    private static final byte[] PATH_PREFIX = "/proc/self/fd/".getBytes(StandardCharsets.US_ASCII);

    private final NativeBuffer scratch = new NativeBuffer(SCRATCH);
    private int user;
    private int group;
    private boolean canAct;
    private boolean knowsOpenat2 = true;

    public Descriptors() {
        scratch.bytes().put(PATH, PATH_PREFIX);
    }

    private static boolean isArm() {
        return "aarch64".equals(System.getProperty("os.arch"));
    }

    /** From now on files are touched with this user's rights, by the calling thread; 0 gives it those of the process back. */
    public void actAs(int uid, int gid) {
        if (gid != group) {
            ServerCalls.setfsgid(gid);
            group = gid;
        }
        if (uid != user) {
            ServerCalls.setfsuid(uid);
            user = uid;
            // The call has no failure of its own: it answers with what was before.
            if (!canAct && ServerCalls.setfsuid(uid) != uid) {
                throw new IllegalStateException("cannot act as the user " + uid + ": that takes root");
            }
            canAct = true;
        }
    }

    /**
     * The node of a name in a directory's node.
     *
     * @param forbidden a device (see {@link #device}) on which it must not lie: the server's own file system, where the next call would
     *     wait for this thread; ELOOP then
     */
    public int node(int dir, NativeBuffer names, int name, long forbidden) {
        if (knowsOpenat2) {
            scratch.bytes().putLong(HOW, NODE).putLong(HOW + 8, 0);
            scratch.bytes().putLong(HOW + 16, RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS);
            int fd = result(ServerCalls.syscall(ServerCalls.SYS_OPENAT2, dir, names.at(name), scratch.at(HOW), 24));
            if (fd != -Errno.EXDEV && fd != -Errno.ENOSYS && fd != -Errno.EPERM) {
                return fd;
            }
            knowsOpenat2 = fd == -Errno.EXDEV;
        }
        int fd = result(ServerCalls.openat(dir, names.at(name), NODE, 0));
        if (fd >= 0 && device(fd) == forbidden) {
            close(fd);
            return -Errno.ELOOP;
        }
        return fd;
    }

    /** The node of the root directory of all. */
    public int rootDirectory() {
        scratch.bytes().putShort(HOW, (short) '/');
        return result(
                ServerCalls.openat(LinuxFileCalls.AT_FDCWD, scratch.at(HOW), NODE | LinuxFileCalls.O_DIRECTORY, 0));
    }

    /** One more node of what a descriptor stands for. */
    public int nodeOf(int fd) {
        return result(ServerCalls.openat(
                LinuxFileCalls.AT_FDCWD, path(fd), LinuxFileCalls.O_PATH | LinuxFileCalls.O_CLOEXEC, 0));
    }

    /** The device a node lies on, without asking the file system: it may be the caller's own. */
    public long device(int node) {
        int error = stat(node, AT_STATX_DONT_SYNC);
        return error < 0 ? error : deviceOfStat();
    }

    /** Opens a node's file for reading or writing; {@code flags} as of open(2). */
    public int open(int node, int flags) {
        int safe = flags & ~(LinuxFileCalls.O_CREAT | LinuxFileCalls.O_EXCL | O_DIRECT | LinuxFileCalls.O_NOFOLLOW)
                | LinuxFileCalls.O_CLOEXEC;
        return result(ServerCalls.openat(LinuxFileCalls.AT_FDCWD, path(node), safe, 0));
    }

    /** Makes a file in a directory's node, or opens the one that is there, unless {@code O_EXCL} is among the flags. */
    public int create(int dir, NativeBuffer names, int name, int flags, int mode) {
        int safe = flags & ~O_DIRECT | LinuxFileCalls.O_CREAT | LinuxFileCalls.O_NOFOLLOW | LinuxFileCalls.O_CLOEXEC;
        return result(ServerCalls.openat(dir, names.at(name), safe, mode));
    }

    public int close(int fd) {
        return result(ServerCalls.close(fd));
    }

    public int read(int fd, NativeBuffer into, int at, int size, long offset) {
        return result(ServerCalls.pread(fd, into.at(at, size), size, offset));
    }

    public int write(int fd, NativeBuffer from, int at, int size, long offset) {
        return result(ServerCalls.pwrite(fd, from.at(at, size), size, offset));
    }

    /** A block of directory entries as getdents64(2) has them, from a position that an entry before it named. */
    public int list(int dir, long position, NativeBuffer into, int at, int size) {
        if (ServerCalls.lseek(dir, position, 0) < 0) {
            return -Native.getLastError();
        }
        return result(ServerCalls.getdents64(dir, into.at(at, size), size));
    }

    public long seek(int fd, long offset, int whence) {
        long found = ServerCalls.lseek(fd, offset, whence);
        return found < 0 ? -Native.getLastError() : found;
    }

    public int truncateOpen(int fd, long size) {
        return result(ServerCalls.ftruncate(fd, size));
    }

    public int truncate(int node, long size) {
        return result(ServerCalls.truncate(path(node), size));
    }

    public int allocate(int fd, int mode, long offset, long length) {
        return result(ServerCalls.fallocate(fd, mode, offset, length));
    }

    public int sync(int fd, boolean dataOnly) {
        return result(dataOnly ? ServerCalls.fdatasync(fd) : ServerCalls.fsync(fd));
    }

    public int copyRange(int in, long inOffset, int out, long outOffset, long size) {
        scratch.bytes().putLong(OFFSETS, inOffset).putLong(OFFSETS + 8, outOffset);
        return result(ServerCalls.copy_file_range(
                in, scratch.at(OFFSETS), out, scratch.at(OFFSETS + 8), Math.min(size, Integer.MAX_VALUE), 0));
    }

    /** Looks at a node or an open file; the methods below tell what was seen. */
    public int stat(int fd) {
        return stat(fd, 0);
    }

    private int stat(int fd, int flags) {
        return result(ServerCalls.statx(
                fd,
                scratch.at(EMPTY),
                LinuxFileCalls.AT_EMPTY_PATH | flags,
                LinuxFileCalls.STATX_BASIC_STATS,
                scratch.at(STAT)));
    }

    /** Kind and permissions as in {@code st_mode}. */
    public int modeOfStat() {
        return scratch.bytes().getShort(STAT + 28) & 0xffff;
    }

    public long inodeOfStat() {
        return scratch.bytes().getLong(STAT + 32);
    }

    public long deviceOfStat() {
        return ((long) scratch.bytes().getInt(STAT + 136) << 32)
                | (scratch.bytes().getInt(STAT + 140) & 0xffffffffL);
    }

    /** An integer of {@code struct statx}, by its offset (linux/stat.h). */
    public int intOfStat(int offset) {
        return scratch.bytes().getInt(STAT + offset);
    }

    /** A long of {@code struct statx}, by its offset (linux/stat.h). */
    public long longOfStat(int offset) {
        return scratch.bytes().getLong(STAT + offset);
    }

    /** Looks at the file system of a node; {@link #longOfSpace} tells what was seen. */
    public int space(int fd) {
        return result(ServerCalls.fstatvfs(fd, scratch.at(SPACE)));
    }

    /** A field of {@code struct statvfs}, which has longs alone here, by its number. */
    public long longOfSpace(int field) {
        return scratch.bytes().getLong(SPACE + 8 * field);
    }

    public int chmod(int node, int mode) {
        return result(ServerCalls.chmod(path(node), mode));
    }

    /** -1 leaves the owner or the group as it is. */
    public int chown(int node, int uid, int gid) {
        return result(ServerCalls.fchownat(node, scratch.at(EMPTY), uid, gid, LinuxFileCalls.AT_EMPTY_PATH));
    }

    /** Sets access and modification time; {@link #KEEP} and {@link #NOW} in the place of nanoseconds. */
    public int setTimes(int node, long atime, long atimeNanos, long mtime, long mtimeNanos) {
        scratch.bytes().putLong(TIMES, atime).putLong(TIMES + 8, atimeNanos);
        scratch.bytes().putLong(TIMES + 16, mtime).putLong(TIMES + 24, mtimeNanos);
        return result(ServerCalls.utimensat(node, scratch.at(EMPTY), scratch.at(TIMES), LinuxFileCalls.AT_EMPTY_PATH));
    }

    public int makeDirectory(int dir, NativeBuffer names, int name, int mode) {
        return result(ServerCalls.mkdirat(dir, names.at(name), mode));
    }

    public int makeNode(int dir, NativeBuffer names, int name, int mode, int major, int minor) {
        return result(ServerCalls.mknodat(dir, names.at(name), mode, LinuxStat.deviceNumber(major, minor)));
    }

    public int remove(int dir, NativeBuffer names, int name, boolean directory) {
        return result(ServerCalls.unlinkat(dir, names.at(name), directory ? LinuxFileCalls.AT_REMOVEDIR : 0));
    }

    public int makeLink(NativeBuffer names, int target, int dir, int name) {
        return result(ServerCalls.symlinkat(names.at(target), dir, names.at(name)));
    }

    public int rename(int fromDir, NativeBuffer names, int from, int toDir, int to, int flags) {
        return result(ServerCalls.renameat2(fromDir, names.at(from), toDir, names.at(to), flags));
    }

    /** One more name for a node's file; of a link itself. */
    public int link(int node, int dir, NativeBuffer names, int name) {
        return result(ServerCalls.linkat(LinuxFileCalls.AT_FDCWD, path(node), dir, names.at(name), AT_SYMLINK_FOLLOW));
    }

    public int readLink(int node, NativeBuffer into, int at, int size) {
        return result(ServerCalls.readlinkat(node, scratch.at(EMPTY), into.at(at, size), size));
    }

    /** Whether the user that the thread acts as may; {@code mask} as of access(2). */
    public int access(int node, int mask) {
        return result(ServerCalls.syscall(
                ServerCalls.SYS_FACCESSAT2, node, scratch.at(EMPTY), mask, AT_EACCESS | LinuxFileCalls.AT_EMPTY_PATH));
    }

    public int setXattr(int node, NativeBuffer names, int name, int value, int size, int flags) {
        return result(ServerCalls.setxattr(path(node), names.at(name), names.at(value, size), size, flags));
    }

    /** Reads an attribute; a size of 0 asks how long it is. */
    public int xattr(int node, NativeBuffer names, int name, NativeBuffer into, int at, int size) {
        return result(ServerCalls.getxattr(path(node), names.at(name), into.at(at, size), size));
    }

    /** Reads the names of all attributes; a size of 0 asks how long they are. */
    public int xattrs(int node, NativeBuffer into, int at, int size) {
        return result(ServerCalls.listxattr(path(node), into.at(at, size), size));
    }

    public int removeXattr(int node, NativeBuffer names, int name) {
        return result(ServerCalls.removexattr(path(node), names.at(name)));
    }

    /** Many calls refuse such a descriptor; its name in /proc leads to the very file, whatever its kind. */
    private long path(int node) {
        int at = PATH + PATH_PREFIX.length;
        String digits = Integer.toString(node);
        for (int i = 0; i < digits.length(); i++) {
            scratch.bytes().put(at++, (byte) digits.charAt(i));
        }
        scratch.bytes().put(at, (byte) 0);
        return scratch.at(PATH);
    }

    private static int result(long answer) {
        return answer < 0 ? -Native.getLastError() : (int) answer;
    }
}
