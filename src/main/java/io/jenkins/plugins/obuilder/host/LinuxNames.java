package io.jenkins.plugins.obuilder.host;

import static io.jenkins.plugins.obuilder.host.LinuxFileCalls.O_CLOEXEC;
import static io.jenkins.plugins.obuilder.host.LinuxFileCalls.O_CREAT;
import static io.jenkins.plugins.obuilder.host.LinuxFileCalls.O_DIRECTORY;
import static io.jenkins.plugins.obuilder.host.LinuxFileCalls.O_EXCL;
import static io.jenkins.plugins.obuilder.host.LinuxFileCalls.O_NOFOLLOW;
import static io.jenkins.plugins.obuilder.host.LinuxFileCalls.O_NONBLOCK;
import static io.jenkins.plugins.obuilder.host.LinuxFileCalls.O_PATH;
import static io.jenkins.plugins.obuilder.host.LinuxFileCalls.O_RDONLY;
import static io.jenkins.plugins.obuilder.host.LinuxFileCalls.O_RDWR;

import java.util.Arrays;

/** By Linux. */
final class LinuxNames implements NameCalls {
    private static final int LINK_LIMIT = 4096;
    private static final int CREATED = 0600;

    /** For reading, which is no bit of its own, unless another is added. */
    private static final int REGULAR = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

    @Override
    public int openDir(int dir, byte[] name, boolean followLinks) {
        return LinuxFileCalls.openat(
                dir == FileCalls.NO_DIRECTORY ? LinuxFileCalls.AT_FDCWD : dir,
                name,
                O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followLinks ? 0 : O_NOFOLLOW),
                0);
    }

    @Override
    public int openFile(int dir, byte[] name, Opening how) {
        return LinuxFileCalls.openat(dir, name, flags(how), CREATED);
    }

    private static int flags(Opening how) {
        switch (how) {
            case READ:
                return REGULAR;
            case READ_WRITE:
                return REGULAR | O_RDWR;
            case READ_WRITE_OR_CREATE:
                return REGULAR | O_RDWR | O_CREAT;
            default:
                return O_NOFOLLOW | O_CLOEXEC | O_RDWR | O_CREAT | O_EXCL;
        }
    }

    @Override
    public FileStat stat(int dir, byte[] name) {
        byte[] result = new byte[LinuxStat.BYTES];
        LinuxFileCalls.statx(dir, name, LinuxFileCalls.AT_SYMLINK_NOFOLLOW, LinuxFileCalls.STATX_BASIC_STATS, result);
        return LinuxStat.of(result);
    }

    @Override
    public void makeDir(int dir, byte[] name, int mode) {
        LinuxFileCalls.mkdirat(dir, name, mode);
    }

    @Override
    public void symlink(byte[] target, int dir, byte[] name) {
        LinuxFileCalls.symlinkat(target, dir, name);
    }

    @Override
    public void link(int fromDir, byte[] from, int toDir, byte[] to) {
        LinuxFileCalls.linkat(fromDir, from, toDir, to, 0);
    }

    @Override
    public void makeNode(int dir, byte[] name, FileKind kind, int mode, int major, int minor) {
        LinuxFileCalls.mknodat(dir, name, kind.bits | mode, LinuxStat.deviceNumber(major, minor));
    }

    @Override
    public void unlink(int dir, byte[] name) {
        LinuxFileCalls.unlinkat(dir, name, 0);
    }

    @Override
    public void removeDir(int dir, byte[] name) {
        LinuxFileCalls.unlinkat(dir, name, LinuxFileCalls.AT_REMOVEDIR);
    }

    @Override
    public void rename(int fromDir, byte[] from, int toDir, byte[] to) {
        LinuxFileCalls.renameat(fromDir, from, toDir, to);
    }

    @Override
    public byte[] readLink(int dir, byte[] name) {
        byte[] target = new byte[LINK_LIMIT];
        return Arrays.copyOf(target, (int) LinuxFileCalls.readlinkat(dir, name, target, LINK_LIMIT));
    }

    @Override
    public void chown(int dir, byte[] name, int uid, int gid) {
        LinuxFileCalls.fchownat(dir, name, uid, gid, LinuxFileCalls.AT_SYMLINK_NOFOLLOW);
    }

    @Override
    public void chmod(int dir, byte[] name, int mode) {
        int node = LinuxFileCalls.openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
        try {
            // fchmod(2) refuses such a descriptor; its name in /proc leads to the very file that was opened.
            LinuxFileCalls.chmod(FileCalls.name("/proc/self/fd/" + node), mode);
        } finally {
            LinuxFileCalls.close(node);
        }
    }

    @Override
    public void setTime(int dir, byte[] name, FileStat.FileTime time) {
        LinuxFileCalls.utimensat(dir, name, time.twice(), LinuxFileCalls.AT_SYMLINK_NOFOLLOW);
    }

    @Override
    public void unprotect(int dir, byte[] name) {
        FileKind kind = stat(dir, name).kind();
        if (kind != FileKind.FILE && kind != FileKind.DIRECTORY) {
            return; // others cannot be protected
        }
        int fd = LinuxFileCalls.openat(dir, name, REGULAR, 0);
        try {
            LinuxFileFlags.unprotect(fd);
        } finally {
            LinuxFileCalls.close(fd);
        }
    }
}
