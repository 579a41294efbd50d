package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An open directory. Everything in it is reached by one plain name relative to its descriptor and no link is ever followed, so root can
 * work in a tree that somebody hostile made or is changing: what was checked is what is used. Names are byte strings. Not thread-safe.
 */
public final class Dir implements Closeable {
    private static final int AT_FDCWD = -100;
    private static final int LISTING_BLOCK = 64 * 1024;
    private static final int LINK_LIMIT = 4096;

    private final int fd;
    private final String display;
    private boolean closed;

    private Dir(int fd, String display) {
        this.fd = fd;
        this.display = display;
    }

    /** A directory that was opened in another way. */
    static Dir of(int fd, String display) {
        return new Dir(fd, display);
    }

    /** A name in a directory; {@code kind} is null where the file system does not tell it with the name: ask {@link #stat(String)}. */
    public record Entry(String name, FileKind kind) {}

    /** Opens a directory whose path is trusted: links in it are followed. */
    public static Dir open(Path path) throws HostException {
        String name = Bytes.ofText(path.toAbsolutePath().toString());
        return open(AT_FDCWD, name, 0, name);
    }

    /** Opens a directory in this one. A link is refused. */
    public Dir openDir(String name) throws HostException {
        return open(fd, checked(name), FileCalls.O_NOFOLLOW, child(name));
    }

    private static Dir open(int at, String name, int flags, String display) throws HostException {
        try {
            int fd = FileCalls.openat(
                    at,
                    FileCalls.name(name),
                    FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_CLOEXEC | flags,
                    0);
            return new Dir(fd, display);
        } catch (LastErrorException e) {
            throw failed("open the directory", display, e);
        }
    }

    /** A second, independent handle on the same directory. */
    public Dir reopen() throws HostException {
        return open(fd, ".", 0, display);
    }

    int fd() {
        return fd;
    }

    /** Where it was found, as a byte string. */
    String display() {
        return display;
    }

    /** For messages: where it was found. Not to be used as a path. */
    @Override
    public String toString() {
        return Bytes.toText(display);
    }

    /** All names but {@code .} and {@code ..}, in no order. */
    public List<Entry> list() throws HostException {
        List<Entry> entries = new ArrayList<>();
        try (Memory block = new Memory(LISTING_BLOCK)) {
            FileCalls.lseek(fd, 0, 0);
            long n = FileCalls.getdents64(fd, block, LISTING_BLOCK);
            while (n > 0) {
                for (long at = 0; at < n; at += block.getShort(at + 16) & 0xffff) {
                    String name = block.getString(at + 19, "ISO-8859-1");
                    if (!name.equals(".") && !name.equals("..")) {
                        entries.add(new Entry(name, FileKind.ofDirectoryType(block.getByte(at + 18))));
                    }
                }
                n = FileCalls.getdents64(fd, block, LISTING_BLOCK);
            }
        } catch (LastErrorException e) {
            throw failed("list", display, e);
        }
        return entries;
    }

    /** Of the directory itself. */
    public FileStat stat() throws HostException {
        byte[] result = new byte[FileStat.BYTES];
        try {
            FileCalls.statx(fd, FileCalls.name(""), FileCalls.AT_EMPTY_PATH, FileCalls.STATX_BASIC_STATS, result);
            return FileStat.ofStatx(result);
        } catch (LastErrorException e) {
            throw failed("look at", display, e);
        }
    }

    /** Of a name in it, a link itself rather than what it leads to; empty when there is nothing of that name. */
    public Optional<FileStat> stat(String name) throws HostException {
        byte[] result = new byte[FileStat.BYTES];
        try {
            FileCalls.statx(
                    fd,
                    FileCalls.name(checked(name)),
                    FileCalls.AT_SYMLINK_NOFOLLOW,
                    FileCalls.STATX_BASIC_STATS,
                    result);
            return Optional.of(FileStat.ofStatx(result));
        } catch (LastErrorException e) {
            if (e.getErrorCode() == FileCalls.ENOENT) {
                return Optional.empty();
            }
            throw failed("look at", child(name), e);
        }
    }

    /** Opens a regular file for reading; anything else is refused, without waiting for the other end of a pipe. */
    public OpenFile openFile(String name) throws HostException {
        return openRegular(name, FileCalls.O_RDONLY);
    }

    /** As {@link #createFile}, but empty when there is something of that name. */
    public Optional<OpenFile> createFileUnlessThere(String name, int mode) throws HostException {
        return create(name, mode, true);
    }

    /** Opens an existing regular file for writing, at its beginning. */
    public OpenFile openFileToWrite(String name) throws HostException {
        return openRegular(name, FileCalls.O_RDWR);
    }

    private OpenFile openRegular(String name, int access) throws HostException {
        int flags = access | FileCalls.O_NOFOLLOW | FileCalls.O_NONBLOCK | FileCalls.O_CLOEXEC;
        OpenFile file;
        try {
            file = new OpenFile(FileCalls.openat(fd, FileCalls.name(checked(name)), flags, 0600), child(name));
        } catch (LastErrorException e) {
            throw failed("open", child(name), e);
        }
        FileKind kind = file.firstStat().kind();
        if (kind != FileKind.FILE) {
            file.close();
            throw new HostException("cannot open " + Bytes.toText(child(name)) + ": it is " + kind.description()
                    + ", not a regular file");
        }
        return file;
    }

    /** Makes a new file with exactly these permissions; an existing name of any kind is refused. */
    public OpenFile createFile(String name, int mode) throws HostException {
        return create(name, mode, false).orElseThrow();
    }

    private Optional<OpenFile> create(String name, int mode, boolean unlessThere) throws HostException {
        int flags =
                FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_EXCL | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC;
        OpenFile file;
        try {
            file = new OpenFile(FileCalls.openat(fd, FileCalls.name(checked(name)), flags, 0600), child(name));
        } catch (LastErrorException e) {
            if (unlessThere && e.getErrorCode() == FileCalls.EEXIST) {
                return Optional.empty();
            }
            throw failed("create", child(name), e);
        }
        if (mode != 0600) {
            file.chmod(mode);
        }
        return Optional.of(file);
    }

    /** Opens a regular file to read and write, making it (0600) when there is none. */
    public OpenFile openOrCreateFile(String name) throws HostException {
        return openRegular(name, FileCalls.O_RDWR | FileCalls.O_CREAT);
    }

    /** Makes a new directory with exactly these permissions and opens it. */
    public Dir makeDir(String name, int mode) throws HostException {
        try {
            FileCalls.mkdirat(fd, FileCalls.name(checked(name)), 0700);
        } catch (LastErrorException e) {
            throw failed("make the directory", child(name), e);
        }
        Dir made = openDir(name);
        if (mode != 0700) {
            made.chmod(mode);
        }
        return made;
    }

    public void symlink(String name, String target) throws HostException {
        run("make the link", name, at -> FileCalls.symlinkat(FileCalls.name(target), fd, at));
    }

    /** Makes {@code name} another name of a file that is no directory; of a link itself, not of what it leads to. */
    public void link(String name, Dir otherDir, String other) throws HostException {
        run("make the hard link", name, at -> FileCalls.linkat(otherDir.fd, FileCalls.name(checked(other)), fd, at, 0));
    }

    /** Makes a named pipe, socket or device file with exactly these permissions. */
    public void makeNode(String name, FileKind kind, int mode, int major, int minor) throws HostException {
        long device = deviceNumber(major, minor);
        run("make " + kind.description(), name, at -> FileCalls.mknodat(fd, at, kind.bits | 0600, device));
        chmod(name, mode);
    }

    /** As libc wants it: makedev(3). */
    static long deviceNumber(int major, int minor) {
        return (minor & 0xffL) | (major & 0xfffL) << 8 | (minor & ~0xffL) << 12 | (major & ~0xfffL) << 32;
    }

    public void unlink(String name) throws HostException {
        run("remove", name, at -> FileCalls.unlinkat(fd, at, 0));
    }

    /** Removes an empty directory. */
    public void removeDir(String name) throws HostException {
        run("remove the directory", name, at -> FileCalls.unlinkat(fd, at, FileCalls.AT_REMOVEDIR));
    }

    /** Removes whatever is there, with all that is in it; does nothing when nothing is. Stays on this file system. */
    public void removeTree(String name) throws HostException {
        TreeRemoval.remove(this, checked(name));
    }

    public void rename(String name, Dir toDir, String newName) throws HostException {
        run(
                "rename to " + Bytes.toText(toDir.child(newName)),
                name,
                at -> FileCalls.renameat(fd, at, toDir.fd, FileCalls.name(toDir.checked(newName))));
    }

    public String readLink(String name) throws HostException {
        byte[] target = new byte[LINK_LIMIT];
        try {
            int n = (int) FileCalls.readlinkat(fd, FileCalls.name(checked(name)), target, LINK_LIMIT);
            return Bytes.of(java.util.Arrays.copyOf(target, n));
        } catch (LastErrorException e) {
            throw failed("read the link", child(name), e);
        }
    }

    /** Of a name in it; of a link itself. */
    public void chown(String name, int uid, int gid) throws HostException {
        run("change the owner of", name, at -> FileCalls.fchownat(fd, at, uid, gid, FileCalls.AT_SYMLINK_NOFOLLOW));
    }

    public void chown(int uid, int gid) throws HostException {
        try {
            FileCalls.fchownat(fd, FileCalls.name(""), uid, gid, FileCalls.AT_EMPTY_PATH);
        } catch (LastErrorException e) {
            throw failed("change the owner of", display, e);
        }
    }

    public void chmod(int mode) throws HostException {
        try {
            FileCalls.fchmod(fd, mode);
        } catch (LastErrorException e) {
            throw failed("change the permissions of", display, e);
        }
    }

    /** Of a name in it that is no link (links have no permissions of their own). */
    public void chmod(String name, int mode) throws HostException {
        int flags = FileCalls.O_PATH | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC;
        try {
            int node = FileCalls.openat(fd, FileCalls.name(checked(name)), flags, 0);
            try {
                // fchmod(2) refuses such a descriptor; its name in /proc leads to the very file that was opened.
                FileCalls.chmod(FileCalls.name("/proc/self/fd/" + node), mode);
            } finally {
                FileCalls.close(node);
            }
        } catch (LastErrorException e) {
            throw failed("change the permissions of", child(name), e);
        }
    }

    /** Sets the modification time (and the access time) of a name in it; of a link itself. */
    public void setTime(String name, FileStat.FileTime time) throws HostException {
        run("set the time of", name, at -> FileCalls.utimensat(fd, at, times(time), FileCalls.AT_SYMLINK_NOFOLLOW));
    }

    /** Sets the modification time (and the access time) of the directory itself. */
    public void setTime(FileStat.FileTime time) throws HostException {
        try {
            FileCalls.utimensat(fd, FileCalls.name("."), times(time), 0);
        } catch (LastErrorException e) {
            throw failed("set the time of", display, e);
        }
    }

    /** The extended attributes of a name in it ({@code "."}: its own). */
    public Xattrs xattrs(String name) {
        String where = name.equals(".") ? name : checked(name);
        return new Xattrs("/proc/self/fd/" + fd + "/" + where, child(name));
    }

    /** Writes all that was changed on this file system to the disk. */
    public void syncFileSystem() throws HostException {
        try {
            FileCalls.syncfs(fd);
        } catch (LastErrorException e) {
            throw failed("write to disk", display, e);
        }
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
            throw failed("close", display, e);
        }
    }

    static long[] times(FileStat.FileTime time) {
        return new long[] {time.seconds(), time.nanos(), time.seconds(), time.nanos()};
    }

    private String child(String name) {
        return display.endsWith("/") ? display + name : display + "/" + name;
    }

    /** One plain name: whatever could lead elsewhere is a mistake of the caller. */
    private String checked(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("not a plain file name: " + Bytes.toText(name));
        }
        return name;
    }

    @FunctionalInterface
    private interface Call {
        void on(byte[] name) throws LastErrorException;
    }

    private void run(String what, String name, Call call) throws HostException {
        try {
            call.on(FileCalls.name(checked(name)));
        } catch (LastErrorException e) {
            throw failed(what, child(name), e);
        }
    }

    static HostException failed(String what, String display, LastErrorException e) {
        return new FileException(what, Bytes.toText(display), e.getErrorCode(), FileCalls.strerror(e.getErrorCode()));
    }
}
