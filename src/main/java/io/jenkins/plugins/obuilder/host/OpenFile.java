package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.Closeable;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** An open regular file. Not thread-safe. */
public final class OpenFile implements Closeable {
    /** Large enough that the system calls cost nothing beside the copying. */
    public static final int BLOCK = 256 * 1024;

    /** Files of so many bytes are worth a thread of their own beside the one that hashes them. */
    public static final long LARGE = 8L << 20;

    private static final ThreadLocal<Memory> BUFFER = ThreadLocal.withInitial(() -> new Memory(BLOCK));

    private final FileCalls calls;
    private final DescriptorCalls open;
    private final String display;
    private final int fd;
    private FileStat whenOpened;
    private boolean closed;

    OpenFile(FileCalls calls, int fd, String display) {
        this.calls = calls;
        open = calls.open();
        this.fd = fd;
        this.display = display;
    }

    /** Where it was found, as a byte string. */
    String display() {
        return display;
    }

    /** Looks at it for the first time. */
    FileStat firstStat() throws HostException {
        whenOpened = stat();
        return whenOpened;
    }

    public FileStat stat() throws HostException {
        try {
            return open.stat(fd);
        } catch (LastErrorException e) {
            throw failed("look at", e);
        }
    }

    /** Reads at most {@code length} bytes. Returns how many, -1 at the end. */
    public int read(byte[] into, int offset, int length) throws HostException {
        Memory buffer = BUFFER.get();
        try {
            int n = open.read(fd, buffer, Math.min(length, BLOCK));
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

    /** Goes on with all from the present position on; returns how many bytes that were. */
    public long addTo(Sha256 sha) throws HostException {
        long size = 0;
        Memory buffer = BUFFER.get();
        for (int n = readBuffer(buffer, BLOCK); n > 0; n = readBuffer(buffer, BLOCK)) {
            sha.update(buffer, n);
            size += n;
        }
        return size;
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
            return open.read(fd, buffer, size);
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
                written += open.write(fd, written == 0 ? buffer : buffer.share(written), size - written);
            }
        } catch (LastErrorException e) {
            throw failed("write", e);
        }
    }

    /** Makes a hole of this many bytes at the present end: nothing is written. */
    public void skip(long bytes) throws HostException {
        try {
            long position = open.seek(fd, bytes, 1);
            open.truncate(fd, position);
        } catch (LastErrorException e) {
            throw failed("make a hole in", e);
        }
    }

    /** The next piece that is not a hole, from {@code from} on, as {start, end}; null when only holes follow. */
    public long[] nextData(long from) throws HostException {
        try {
            return open.nextData(fd, from);
        } catch (LastErrorException e) {
            if (e.getErrorCode() == KernelErrors.ENXIO) { // no data follows
                return null;
            }
            throw failed("look for holes in", e);
        }
    }

    /** Reading and writing goes on from there, in bytes from the beginning. */
    public void seek(long position) throws HostException {
        run("seek in", () -> open.seek(fd, position, 0));
    }

    public void setSize(long bytes) throws HostException {
        run("set the size of", () -> open.truncate(fd, bytes));
    }

    /** Makes this a copy of the other that shares its blocks. False where the file system cannot. */
    public boolean cloneFrom(OpenFile source) throws HostException {
        try {
            return open.cloneFrom(source.fd, fd);
        } catch (LastErrorException e) {
            throw failed("clone into", e);
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
        try {
            return open.copyRest(source.fd, fd);
        } catch (LastErrorException e) {
            throw failed("copy into", e);
        }
    }

    private void copyBlocks(OpenFile source) throws HostException {
        Memory buffer = BUFFER.get();
        for (int n = source.readBuffer(buffer, BLOCK); n > 0; n = source.readBuffer(buffer, BLOCK)) {
            writeBuffer(buffer, n);
        }
    }

    public void setTime(FileStat.FileTime time) throws HostException {
        run("set the time of", () -> open.setTime(fd, time));
    }

    public void chown(int uid, int gid) throws HostException {
        run("change the owner of", () -> open.chown(fd, uid, gid));
    }

    /** Sets the permissions exactly, whatever the umask. */
    public void chmod(int mode) throws HostException {
        run("change the permissions of", () -> open.chmod(fd, mode));
    }

    /**
     * Locks it for this open file alone, against all others in this process and in others (flock(2)), until it is closed or the process
     * ends, however it ends. False when another holds the lock.
     */
    public boolean tryLock() throws HostException {
        return tryLock(false);
    }

    /** The same for a lock that several may hold at once, but nobody beside {@link #tryLock()}'s. */
    public boolean tryLockShared() throws HostException {
        return tryLock(true);
    }

    private boolean tryLock(boolean shared) throws HostException {
        try {
            return open.tryLock(fd, shared);
        } catch (LastErrorException e) {
            throw failed("lock", e);
        }
    }

    public void sync() throws HostException {
        run("write to disk", () -> open.sync(fd));
    }

    /** A stream over it that does not close it. */
    public InputStream input() {
        return new FileInput(this);
    }

    /** A stream over it that does not close it. */
    public OutputStream output() {
        return new FileOutput(this);
    }

    @Override
    public void close() throws HostException {
        if (closed) {
            return;
        }
        closed = true;
        run("close", () -> open.close(fd));
    }

    @FunctionalInterface
    private interface Call {
        void run() throws LastErrorException;
    }

    private void run(String what, Call call) throws HostException {
        try {
            call.run();
        } catch (LastErrorException e) {
            throw failed(what, e);
        }
    }

    private HostException failed(String what, LastErrorException e) {
        return calls.failed(what, display, e);
    }
}
