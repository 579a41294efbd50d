package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;
import java.util.List;

/** What is done to open files and directories. */
interface DescriptorCalls {
    void close(int fd) throws LastErrorException;

    FileStat stat(int fd) throws LastErrorException;

    void chown(int fd, int uid, int gid) throws LastErrorException;

    /** Exactly these permissions, whatever the umask. */
    void chmod(int fd, int mode) throws LastErrorException;

    /** Sets the times of the last change and of the last access. */
    void setTime(int fd, FileStat.FileTime time) throws LastErrorException;

    /** As {@link NameCalls#unprotect}. */
    void unprotect(int fd) throws LastErrorException;

    /** All names in a directory but {@code .} and {@code ..}, from its beginning, in no order. */
    List<Dir.Entry> list(int dir) throws LastErrorException;

    /** Returns how many bytes there were; 0 at the end. */
    int read(int fd, Pointer into, int size) throws LastErrorException;

    /** Returns how many bytes were written: maybe not all. */
    int write(int fd, Pointer from, int size) throws LastErrorException;

    /** Sets the position; returns it, from the beginning. {@code whence} is 0 for the beginning, 1 for the present position. */
    long seek(int fd, long offset, int whence) throws LastErrorException;

    /** The next piece that is not a hole, from {@code from} on, as {start, end}; fails with ENXIO when only holes follow. Moves the position. */
    long[] nextData(int fd, long from) throws LastErrorException;

    void truncate(int fd, long size) throws LastErrorException;

    /** Makes a file a copy of another that shares its blocks. False where that is not to be had. */
    boolean cloneFrom(int from, int to) throws LastErrorException;

    /** Copies what follows the present position to the other's, inside the kernel. False, with nothing done, where that is not to be had. */
    boolean copyRest(int from, int to) throws LastErrorException;

    /** Locks it as flock(2) does. False when another holds the lock. */
    boolean tryLock(int fd, boolean shared) throws LastErrorException;

    /** Writes its contents to the disk. */
    void sync(int fd) throws LastErrorException;

    /** Writes all that was changed on its file system to the disk. */
    void syncFileSystem(int fd) throws LastErrorException;
}
