package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** An open regular file. Not thread-safe. */
public final class OpenFile implements Closeable {
    /** Large enough that the system calls cost nothing beside the copying. */
    public static final int BLOCK = 256 * 1024;

    /** Files of so many bytes are worth a thread of their own beside the one that hashes them. */
    public static final long LARGE = 8L << 20;

    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private static final ThreadLocal<Memory> BUFFER = ThreadLocal.withInitial(() -> new Memory(BLOCK));

    private final String display;
    private final int fd;
    private FileStat whenOpened;
    private boolean closed;

    OpenFile(int fd, String display) {
        this.fd = fd;
        this.display = display;
    }

    String display() {
        return display;
    }

    /** Looks at it for the first time. */
    FileStat firstStat() throws HostException {
        whenOpened = stat();
        return whenOpened;
    }

    int fd() {
        return fd;
    }

    public FileStat stat() throws HostException {
        byte[] result = new byte[FileStat.BYTES];
        try {
            FileCalls.statx(fd, FileCalls.name(""), FileCalls.AT_EMPTY_PATH, FileCalls.STATX_BASIC_STATS, result);
        } catch (LastErrorException e) {
            throw failed("look at", e);
        }
        return FileStat.ofStatx(result);
    }

    /** Reads at most {@code length} bytes. Returns how many, -1 at the end. */
    public int read(byte[] into, int offset, int length) throws HostException {
        Memory buffer = BUFFER.get();
        try {
            int n = (int) FileCalls.read(fd, buffer, Math.min(length, BLOCK));
            if (n == 0) {
                return -1;
            }
            buffer.read(0, into, offset, n);
            return n;
        } catch (LastErrorException e) {
            throw failed("read", e);
        }
    }

    /** What it was like when it was opened; empty for one that was made. */
    public Optional<FileStat> statWhenOpened() {
        return Optional.ofNullable(whenOpened);
    }

    /** The digest of all from the present position on. */
    public String hash(Sha256 sha) throws HostException {
        if (whenOpened != null && whenOpened.size() >= LARGE) {
            try (ReadAhead ahead = new ReadAhead(this, Optional.empty())) {
                return ahead.hash(sha);
            }
        }
        Memory buffer = BUFFER.get();
        for (int n = readBuffer(buffer, BLOCK); n > 0; n = readBuffer(buffer, BLOCK)) {
            sha.update(buffer, n);
        }
        return sha.hex();
    }

    /** A digest, and whether the copy that was made meanwhile holds all of what was hashed. */
    public record HashedCopy(String sha256, boolean whole) {}

    /** The same with a copy made by another thread meanwhile; that it cannot be written is no failure. */
    public HashedCopy hashAndCopy(OpenFile copy, Sha256 sha) throws HostException {
        try (ReadAhead ahead = new ReadAhead(this, Optional.of(copy))) {
            String digest = ahead.hash(sha);
            return new HashedCopy(digest, ahead.isCopied());
        }
    }

    /** The same of a copy that is made by the way. */
    public String hashCopyTo(OpenFile copy, Sha256 sha) throws HostException {
        Memory buffer = BUFFER.get();
        for (int n = readBuffer(buffer, BLOCK); n > 0; n = readBuffer(buffer, BLOCK)) {
            sha.update(buffer, n);
            copy.writeBuffer(buffer, n);
        }
        return sha.hex();
    }

    /** Reads a file that is this large; empty when there is no room to keep it, or it is not that large any more. */
    public Optional<KeptContents.Contents> keep(KeptContents kept, int size) throws HostException {
        Optional<KeptContents.Contents> room = kept.room(size);
        if (room.isEmpty() || readBuffer(room.get().memory(), size + 1) == size) {
            return room;
        }
        seek(0);
        return Optional.empty();
    }

    /** Writes what was kept of another file. */
    public void write(KeptContents.Contents contents) throws HostException {
        writeBuffer(contents.memory(), contents.size());
    }

    int readBuffer(Pointer buffer, int size) throws HostException {
        try {
            return (int) FileCalls.read(fd, buffer, size);
        } catch (LastErrorException e) {
            throw failed("read", e);
        }
    }

    /** Writes all of it. */
    public void write(byte[] from, int offset, int length) throws HostException {
        Memory buffer = BUFFER.get();
        int done = 0;
        while (done < length) {
            int chunk = Math.min(length - done, BLOCK);
            buffer.write(0, from, offset + done, chunk);
            writeBuffer(buffer, chunk);
            done += chunk;
        }
    }

    void writeBuffer(Pointer buffer, int size) throws HostException {
        try {
            int written = 0;
            while (written < size) {
                written += (int) FileCalls.write(fd, written == 0 ? buffer : buffer.share(written), size - written);
            }
        } catch (LastErrorException e) {
            throw failed("write", e);
        }
    }

    /** Makes a hole of this many bytes at the present end: nothing is written. */
    public void skip(long bytes) throws HostException {
        try {
            long position = FileCalls.lseek(fd, bytes, 1);
            FileCalls.ftruncate(fd, position);
        } catch (LastErrorException e) {
            throw failed("make a hole in", e);
        }
    }

    /** The next piece that is not a hole, from {@code from} on, as {start, end}; null when only holes follow. */
    public long[] nextData(long from) throws HostException {
        try {
            long start = FileCalls.lseek(fd, from, SEEK_DATA);
            return new long[] {start, FileCalls.lseek(fd, start, SEEK_HOLE)};
        } catch (LastErrorException e) {
            if (e.getErrorCode() == 6) { // ENXIO: no data follows
                return null;
            }
            throw failed("look for holes in", e);
        }
    }

    /** Reading and writing goes on from there, in bytes from the beginning. */
    public void seek(long position) throws HostException {
        try {
            FileCalls.lseek(fd, position, 0);
        } catch (LastErrorException e) {
            throw failed("seek in", e);
        }
    }

    public void setSize(long bytes) throws HostException {
        try {
            FileCalls.ftruncate(fd, bytes);
        } catch (LastErrorException e) {
            throw failed("set the size of", e);
        }
    }

    /** Makes this a copy of the other that shares its blocks. False where the file system cannot. */
    public boolean cloneFrom(OpenFile source) throws HostException {
        try {
            FileCalls.ioctl(fd, FileCalls.FICLONE, source.fd);
            return true;
        } catch (LastErrorException e) {
            switch (e.getErrorCode()) {
                case FileCalls.EXDEV, FileCalls.EINVAL, FileCalls.ENOTTY, FileCalls.EOPNOTSUPP, FileCalls.ENOSYS:
                    return false;
                default:
                    throw failed("clone into", e);
            }
        }
    }

    /**
     * Appends all of the source from its present position: sharing its blocks, inside the kernel, or block by block, whichever the file
     * systems can.
     */
    public void copyFrom(OpenFile source, long size) throws HostException {
        if (size > BLOCK && cloneFrom(source)) {
            return;
        }
        if (size <= BLOCK || !copyInKernel(source)) {
            copyBlocks(source);
        }
    }

    private boolean copyInKernel(OpenFile source) throws HostException {
        boolean begun = false;
        try {
            while (FileCalls.copy_file_range(source.fd, null, fd, null, 1L << 30, 0) > 0) {
                begun = true;
            }
            return begun;
        } catch (LastErrorException e) {
            switch (e.getErrorCode()) {
                case FileCalls.EXDEV, FileCalls.EINVAL, FileCalls.EOPNOTSUPP, FileCalls.ENOSYS:
                    if (!begun) {
                        return false;
                    }
                    throw failed("copy into", e);
                default:
                    throw failed("copy into", e);
            }
        }
    }

    private void copyBlocks(OpenFile source) throws HostException {
        Memory buffer = BUFFER.get();
        while (true) {
            int n;
            try {
                n = (int) FileCalls.read(source.fd, buffer, BLOCK);
            } catch (LastErrorException e) {
                throw source.failed("read", e);
            }
            if (n == 0) {
                return;
            }
            writeBuffer(buffer, n);
        }
    }

    public void setTime(FileStat.FileTime time) throws HostException {
        try {
            FileCalls.futimens(fd, Dir.times(time));
        } catch (LastErrorException e) {
            throw failed("set the time of", e);
        }
    }

    public void chown(int uid, int gid) throws HostException {
        try {
            FileCalls.fchownat(fd, FileCalls.name(""), uid, gid, FileCalls.AT_EMPTY_PATH);
        } catch (LastErrorException e) {
            throw failed("change the owner of", e);
        }
    }

    /** Sets the permissions exactly, whatever the umask. */
    public void chmod(int mode) throws HostException {
        try {
            FileCalls.fchmod(fd, mode);
        } catch (LastErrorException e) {
            throw failed("change the permissions of", e);
        }
    }

    /**
     * Locks it for this open file alone, against all others in this process and in others (flock(2)), until it is closed or the process
     * ends, however it ends. False when another holds the lock.
     */
    public boolean tryLock() throws HostException {
        return tryLock(FileCalls.LOCK_EX);
    }

    /** The same for a lock that several may hold at once, but nobody beside {@link #tryLock()}'s. */
    public boolean tryLockShared() throws HostException {
        return tryLock(FileCalls.LOCK_SH);
    }

    private boolean tryLock(int kind) throws HostException {
        try {
            FileCalls.flock(fd, kind | FileCalls.LOCK_NB);
            return true;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == FileCalls.EAGAIN) {
                return false;
            }
            throw failed("lock", e);
        }
    }

    public void sync() throws HostException {
        try {
            FileCalls.fsync(fd);
        } catch (LastErrorException e) {
            throw failed("write to disk", e);
        }
    }

    /** A stream over it that does not close it. */
    public InputStream input() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return length == 0 ? 0 : OpenFile.this.read(into, offset, length);
            }
        };
    }

    /** A stream over it that does not close it. */
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                OpenFile.this.write(from, offset, length);
            }
        };
    }

    @Override
    public void close() throws HostException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            FileCalls.close(fd);
        } catch (LastErrorException e) {
            throw failed("close", e);
        }
    }

    private HostException failed(String what, LastErrorException e) {
        return Dir.failed(what, display, e);
    }
}
