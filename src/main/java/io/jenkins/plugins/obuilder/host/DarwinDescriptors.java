package io.jenkins.plugins.obuilder.host;

import static io.jenkins.plugins.obuilder.host.DarwinLibrary.checked;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;
import java.util.List;

/** By Darwin. */
final class DarwinDescriptors implements DescriptorCalls {
    private static final KernelErrors ERRORS = KernelErrors.OF_DARWIN;

    @Override
    public void close(int fd) {
        checked(DarwinLibC.close(fd));
    }

    @Override
    public FileStat stat(int fd) {
        byte[] result = new byte[DarwinStat.BYTES];
        checked(DarwinLibC.fstat(fd, result));
        return DarwinStat.of(result);
    }

    @Override
    public void chown(int fd, int uid, int gid) {
        checked(DarwinLibC.fchown(fd, uid, gid));
    }

    @Override
    public void chmod(int fd, int mode) {
        checked(DarwinLibC.fchmod(fd, mode));
    }

    @Override
    public void setTime(int fd, FileStat.FileTime time) {
        checked(DarwinLibC.futimens(fd, time.twice()));
    }

    @Override
    public void unprotect(int fd) {
        DarwinFlags.unprotect(fd);
    }

    @Override
    public List<Dir.Entry> list(int dir) {
        return DarwinListing.of(dir);
    }

    @Override
    public int read(int fd, Pointer into, int size) {
        return (int) checked(DarwinLibC.read(fd, into, size));
    }

    @Override
    public int write(int fd, Pointer from, int size) {
        return (int) checked(DarwinLibC.write(fd, from, size));
    }

    @Override
    public long seek(int fd, long offset, int whence) {
        return checked(DarwinLibC.lseek(fd, offset, whence));
    }

    /** A file system that does not know of holes has no say in this: all is data then. */
    @Override
    public long[] nextData(int fd, long from) {
        try {
            long start = checked(DarwinLibC.lseek(fd, from, DarwinLibC.SEEK_DATA));
            return new long[] {start, checked(DarwinLibC.lseek(fd, start, DarwinLibC.SEEK_HOLE))};
        } catch (LastErrorException e) {
            if (!isNotToBeHad(e)) {
                throw e;
            }
        }
        long size = stat(fd).size();
        if (from >= size) {
            throw new LastErrorException(KernelErrors.ENXIO);
        }
        return new long[] {from, size};
    }

    @Override
    public void truncate(int fd, long size) {
        checked(DarwinLibC.ftruncate(fd, size));
    }

    /** clonefile(2) makes new names alone. */
    @Override
    public boolean cloneFrom(int from, int to) {
        return false;
    }

    /** copyfile(3) copies blocks as we do. */
    @Override
    public boolean copyRest(int from, int to) {
        return false;
    }

    @Override
    public boolean tryLock(int fd, boolean shared) {
        int kind = shared ? DarwinLibC.LOCK_SH : DarwinLibC.LOCK_EX;
        try {
            checked(DarwinLibC.flock(fd, kind | DarwinLibC.LOCK_NB));
            return true;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == ERRORS.tryAgain()) {
                return false;
            }
            throw e;
        }
    }

    /** fsync(2) leaves it in the drive's own memory. */
    @Override
    public void sync(int fd) {
        try {
            checked(DarwinLibC.Variadic.CALLS.fcntl(fd, DarwinLibC.F_FULLFSYNC, 0));
        } catch (LastErrorException e) {
            if (!isNotToBeHad(e)) {
                throw e;
            }
            checked(DarwinLibC.fsync(fd));
        }
    }

    @Override
    public void syncFileSystem(int fd) {
        try {
            int[] how = {DarwinLibC.FULLSYNC_AND_WAIT};
            checked(DarwinLibC.ffsctl(fd, DarwinLibC.FSIOC_SYNC_VOLUME, how, 0));
        } catch (LastErrorException e) {
            if (!isNotToBeHad(e)) {
                throw e;
            }
            DarwinLibC.sync();
            sync(fd);
        }
    }

    private static boolean isNotToBeHad(LastErrorException e) {
        return e.getErrorCode() == KernelErrors.EINVAL || ERRORS.isUnsupported(e.getErrorCode());
    }
}
