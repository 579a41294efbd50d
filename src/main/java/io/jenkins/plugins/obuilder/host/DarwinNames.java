package io.jenkins.plugins.obuilder.host;

import static io.jenkins.plugins.obuilder.host.DarwinLibC.O_CLOEXEC;
import static io.jenkins.plugins.obuilder.host.DarwinLibC.O_CREAT;
import static io.jenkins.plugins.obuilder.host.DarwinLibC.O_DIRECTORY;
import static io.jenkins.plugins.obuilder.host.DarwinLibC.O_EXCL;
import static io.jenkins.plugins.obuilder.host.DarwinLibC.O_NOFOLLOW;
import static io.jenkins.plugins.obuilder.host.DarwinLibC.O_NONBLOCK;
import static io.jenkins.plugins.obuilder.host.DarwinLibC.O_RDONLY;
import static io.jenkins.plugins.obuilder.host.DarwinLibC.O_RDWR;
import static io.jenkins.plugins.obuilder.host.DarwinLibrary.checked;

import com.sun.jna.LastErrorException;
import java.util.Arrays;

/** By Darwin. */
final class DarwinNames implements NameCalls {
    /** {@code MAXPATHLEN} of sys/param.h is 1024, and no link is longer. */
    private static final int LINK_LIMIT = 4096;

    private static final int CREATED = 0600;
    private static final int REGULAR = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

    @Override
    public int openDir(int dir, byte[] name, boolean followLinks) {
        return checked(DarwinLibC.openat(
                dir == FileCalls.NO_DIRECTORY ? DarwinLibC.AT_FDCWD : dir,
                name,
                O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followLinks ? 0 : O_NOFOLLOW)));
    }

    @Override
    public int openFile(int dir, byte[] name, Opening how) {
        switch (how) {
            case READ:
                return checked(DarwinLibC.openat(dir, name, REGULAR | O_RDONLY));
            case READ_WRITE:
                return checked(DarwinLibC.openat(dir, name, REGULAR | O_RDWR));
            case READ_WRITE_OR_CREATE:
                return create(dir, name, REGULAR | O_RDWR | O_CREAT);
            default:
                return create(dir, name, O_NOFOLLOW | O_CLOEXEC | O_RDWR | O_CREAT | O_EXCL);
        }
    }

    private static int create(int dir, byte[] name, int flags) {
        return checked(DarwinLibC.Variadic.CALLS.openat(dir, name, flags, CREATED));
    }

    @Override
    public FileStat stat(int dir, byte[] name) {
        byte[] result = new byte[DarwinStat.BYTES];
        checked(DarwinLibC.fstatat(dir, name, result, DarwinLibC.AT_SYMLINK_NOFOLLOW));
        return DarwinStat.of(result);
    }

    @Override
    public void makeDir(int dir, byte[] name, int mode) {
        checked(DarwinLibC.mkdirat(dir, name, mode));
    }

    @Override
    public void symlink(byte[] target, int dir, byte[] name) {
        checked(DarwinLibC.symlinkat(target, dir, name));
    }

    @Override
    public void link(int fromDir, byte[] from, int toDir, byte[] to) {
        checked(DarwinLibC.linkat(fromDir, from, toDir, to, 0));
    }

    @Override
    public void makeNode(int dir, byte[] name, FileKind kind, int mode, int major, int minor) {
        DarwinNodes.make(dir, name, kind, mode, DarwinStat.deviceNumber(major, minor));
    }

    @Override
    public void unlink(int dir, byte[] name) {
        checked(DarwinLibC.unlinkat(dir, name, 0));
    }

    @Override
    public void removeDir(int dir, byte[] name) {
        checked(DarwinLibC.unlinkat(dir, name, DarwinLibC.AT_REMOVEDIR));
    }

    @Override
    public void rename(int fromDir, byte[] from, int toDir, byte[] to) {
        checked(DarwinLibC.renameat(fromDir, from, toDir, to));
    }

    @Override
    public byte[] readLink(int dir, byte[] name) {
        byte[] target = new byte[LINK_LIMIT];
        return Arrays.copyOf(target, (int) checked(DarwinLibC.readlinkat(dir, name, target, LINK_LIMIT)));
    }

    @Override
    public void chown(int dir, byte[] name, int uid, int gid) {
        checked(DarwinLibC.fchownat(dir, name, uid, gid, DarwinLibC.AT_SYMLINK_NOFOLLOW));
    }

    /** Links have permissions of their own here; they are refused as elsewhere. */
    @Override
    public void chmod(int dir, byte[] name, int mode) {
        if (stat(dir, name).isSymlink()) {
            throw new LastErrorException(KernelErrors.OF_DARWIN.tooManyLinks());
        }
        checked(DarwinLibC.fchmodat(dir, name, mode, DarwinLibC.AT_SYMLINK_NOFOLLOW));
    }

    @Override
    public void setTime(int dir, byte[] name, FileStat.FileTime time) {
        checked(DarwinLibC.utimensat(dir, name, time.twice(), DarwinLibC.AT_SYMLINK_NOFOLLOW));
    }

    @Override
    public void unprotect(int dir, byte[] name) {
        DarwinFlags.unprotect(dir, name);
    }
}
