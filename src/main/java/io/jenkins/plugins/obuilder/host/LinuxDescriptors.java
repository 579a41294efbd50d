package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/** By Linux. */
final class LinuxDescriptors implements DescriptorCalls {
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int LISTING_BLOCK = 64 * 1024;
    private static final byte[] NO_NAME = {0};

    @Override
    public void close(int fd) {
        LinuxFileCalls.close(fd);
    }

    @Override
    public FileStat stat(int fd) {
        byte[] result = new byte[LinuxStat.BYTES];
        LinuxFileCalls.statx(fd, NO_NAME, LinuxFileCalls.AT_EMPTY_PATH, LinuxFileCalls.STATX_BASIC_STATS, result);
        return LinuxStat.of(result);
    }

    @Override
    public void chown(int fd, int uid, int gid) {
        LinuxFileCalls.fchownat(fd, NO_NAME, uid, gid, LinuxFileCalls.AT_EMPTY_PATH);
    }

    @Override
    public void chmod(int fd, int mode) {
        LinuxFileCalls.fchmod(fd, mode);
    }

    @Override
    public void setTime(int fd, FileStat.FileTime time) {
        LinuxFileCalls.futimens(fd, time.twice());
    }

    @Override
    public void unprotect(int fd) {
        LinuxFileFlags.unprotect(fd);
    }

    @Override
    public List<Dir.Entry> list(int dir) {
        List<Dir.Entry> entries = new ArrayList<>();
        try (Memory block = new Memory(LISTING_BLOCK)) {
            LinuxFileCalls.lseek(dir, 0, 0);
            long n = LinuxFileCalls.getdents64(dir, block, LISTING_BLOCK);
            while (n > 0) {
                for (long at = 0; at < n; at += block.getShort(at + 16) & 0xffff) {
                    String name = block.getString(at + 19, "ISO-8859-1");
                    if (!name.equals(".") && !name.equals("..")) {
                        entries.add(new Dir.Entry(name, FileKind.ofDirectoryType(block.getByte(at + 18))));
                    }
                }
                n = LinuxFileCalls.getdents64(dir, block, LISTING_BLOCK);
            }
        }
        return entries;
    }

    @Override
    public int read(int fd, Pointer into, int size) {
        return (int) LinuxFileCalls.read(fd, into, size);
    }

    @Override
    public int write(int fd, Pointer from, int size) {
        return (int) LinuxFileCalls.write(fd, from, size);
    }

    @Override
    public long seek(int fd, long offset, int whence) {
        return LinuxFileCalls.lseek(fd, offset, whence);
    }

    @Override
    public long[] nextData(int fd, long from) {
        long start = LinuxFileCalls.lseek(fd, from, SEEK_DATA);
        return new long[] {start, LinuxFileCalls.lseek(fd, start, SEEK_HOLE)};
    }

    @Override
    public void truncate(int fd, long size) {
        LinuxFileCalls.ftruncate(fd, size);
    }

    @Override
    public boolean cloneFrom(int from, int to) {
        try {
            LinuxFileCalls.ioctl(to, LinuxFileCalls.FICLONE, from);
            return true;
        } catch (LastErrorException e) {
            if (isNotToBeHad(e)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public boolean copyRest(int from, int to) {
        boolean begun = false;
        try {
            while (LinuxFileCalls.copy_file_range(from, null, to, null, 1L << 30, 0) > 0) {
                begun = true;
            }
            return begun;
        } catch (LastErrorException e) {
            if (!begun && isNotToBeHad(e)) {
                return false;
            }
            throw e;
        }
    }

    private static boolean isNotToBeHad(LastErrorException e) {
        int error = e.getErrorCode();
        return error == KernelErrors.EXDEV
                || error == KernelErrors.EINVAL
                || KernelErrors.OF_LINUX.isUnsupported(error);
    }

    @Override
    public boolean tryLock(int fd, boolean shared) {
        int kind = shared ? LinuxFileCalls.LOCK_SH : LinuxFileCalls.LOCK_EX;
        try {
            LinuxFileCalls.flock(fd, kind | LinuxFileCalls.LOCK_NB);
            return true;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == KernelErrors.OF_LINUX.tryAgain()) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void sync(int fd) {
        LinuxFileCalls.fsync(fd);
    }

    @Override
    public void syncFileSystem(int fd) {
        LinuxFileCalls.syncfs(fd);
    }
}
