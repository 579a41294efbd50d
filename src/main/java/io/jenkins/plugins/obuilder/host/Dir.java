package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An open directory. Everything in it is reached by one plain name relative to its descriptor and no link is ever followed, so root can
 * work in a tree that somebody hostile made or is changing: what was checked is what is used. Names are byte strings. Not thread-safe.
 */
public final class Dir implements Closeable {
    private final FileCalls calls;
    private final int fd;
    private final String display;
    private boolean closed;

    private Dir(FileCalls calls, int fd, String display) {
        this.calls = calls;
        this.fd = fd;
        this.display = display;
    }

    /** A directory that was opened in another way. */
    static Dir of(int fd, String display) {
        return new Dir(FileCalls.here(), fd, display);
    }

    /** A name in a directory; {@code kind} is null where the file system does not tell it with the name: ask {@link #stat(String)}. */
    public record Entry(String name, FileKind kind) {}

    /** Opens a directory whose path is trusted: links in it are followed. */
    public static Dir open(Path path) throws HostException {
        return open(FileCalls.here(), path);
    }

    /** The same by the calls of a certain kernel, for tests. */
    static Dir open(FileCalls calls, Path path) throws HostException {
        String name = Bytes.ofText(path.toAbsolutePath().toString());
        return open(calls, FileCalls.NO_DIRECTORY, name, true, name);
    }

    /** Opens a directory in this one. A link is refused. */
    public Dir openDir(String name) throws HostException {
        return open(calls, fd, checked(name), false, child(name));
    }

    private static Dir open(FileCalls calls, int at, String name, boolean followLinks, String display)
            throws HostException {
        try {
            return new Dir(calls, calls.names().openDir(at, FileCalls.name(name), followLinks), display);
        } catch (LastErrorException e) {
            throw calls.failed("open the directory", display, e);
        }
    }

    /** A second, independent handle on the same directory. */
    public Dir reopen() throws HostException {
        return open(calls, fd, ".", true, display);
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
        try {
            return calls.open().list(fd);
        } catch (LastErrorException e) {
            throw calls.failed("list", display, e);
        }
    }

    /** Of the directory itself. */
    public FileStat stat() throws HostException {
        try {
            return calls.open().stat(fd);
        } catch (LastErrorException e) {
            throw calls.failed("look at", display, e);
        }
    }

    /** Of a name in it, a link itself rather than what it leads to; empty when there is nothing of that name. */
    public Optional<FileStat> stat(String name) throws HostException {
        try {
            return Optional.of(calls.names().stat(fd, FileCalls.name(checked(name))));
        } catch (LastErrorException e) {
            if (e.getErrorCode() == KernelErrors.ENOENT) {
                return Optional.empty();
            }
            throw calls.failed("look at", child(name), e);
        }
    }

    /** Opens a regular file for reading; anything else is refused, without waiting for the other end of a pipe. */
    public OpenFile openFile(String name) throws HostException {
        return openRegular(name, NameCalls.Opening.READ);
    }

    /** Opens an existing regular file for writing, at its beginning. */
    public OpenFile openFileToWrite(String name) throws HostException {
        return openRegular(name, NameCalls.Opening.READ_WRITE);
    }

    /** Opens a regular file to read and write, making it (0600) when there is none. */
    public OpenFile openOrCreateFile(String name) throws HostException {
        return openRegular(name, NameCalls.Opening.READ_WRITE_OR_CREATE);
    }

    private OpenFile openRegular(String name, NameCalls.Opening how) throws HostException {
        OpenFile file;
        try {
            file = new OpenFile(calls, calls.names().openFile(fd, FileCalls.name(checked(name)), how), child(name));
        } catch (LastErrorException e) {
            throw calls.failed("open", child(name), e);
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

    /** As {@link #createFile}, but empty when there is something of that name. */
    public Optional<OpenFile> createFileUnlessThere(String name, int mode) throws HostException {
        return create(name, mode, true);
    }

    private Optional<OpenFile> create(String name, int mode, boolean unlessThere) throws HostException {
        OpenFile file;
        try {
            int made = calls.names().openFile(fd, FileCalls.name(checked(name)), NameCalls.Opening.CREATE);
            file = new OpenFile(calls, made, child(name));
        } catch (LastErrorException e) {
            if (unlessThere && e.getErrorCode() == KernelErrors.EEXIST) {
                return Optional.empty();
            }
            throw calls.failed("create", child(name), e);
        }
        if (mode != 0600) {
            file.chmod(mode);
        }
        return Optional.of(file);
    }

    /** Makes a new directory with exactly these permissions and opens it. */
    public Dir makeDir(String name, int mode) throws HostException {
        run("make the directory", name, at -> calls.names().makeDir(fd, at, 0700));
        Dir made = openDir(name);
        if (mode != 0700) {
            made.chmod(mode);
        }
        return made;
    }

    public void symlink(String name, String target) throws HostException {
        run("make the link", name, at -> calls.names().symlink(FileCalls.name(target), fd, at));
    }

    /** Makes {@code name} another name of a file that is no directory; of a link itself, not of what it leads to. */
    public void link(String name, Dir otherDir, String other) throws HostException {
        byte[] from = FileCalls.name(checked(other));
        run("make the hard link", name, at -> calls.names().link(otherDir.fd, from, fd, at));
    }

    /** Makes a named pipe, socket or device file with exactly these permissions. */
    public void makeNode(String name, FileKind kind, int mode, int major, int minor) throws HostException {
        run("make " + kind.description(), name, at -> calls.names().makeNode(fd, at, kind, 0600, major, minor));
        chmod(name, mode);
    }

    public void unlink(String name) throws HostException {
        run("remove", name, at -> calls.names().unlink(fd, at));
    }

    /** Removes an empty directory. */
    public void removeDir(String name) throws HostException {
        run("remove the directory", name, at -> calls.names().removeDir(fd, at));
    }

    /** Removes whatever is there, with all that is in it; does nothing when nothing is. Stays on this file system. */
    public void removeTree(String name) throws HostException {
        TreeRemoval.remove(this, checked(name));
    }

    public void rename(String name, Dir toDir, String newName) throws HostException {
        byte[] to = FileCalls.name(checked(newName));
        run(
                "rename to " + Bytes.toText(toDir.child(newName)),
                name,
                at -> calls.names().rename(fd, at, toDir.fd, to));
    }

    public String readLink(String name) throws HostException {
        try {
            return Bytes.of(calls.names().readLink(fd, FileCalls.name(checked(name))));
        } catch (LastErrorException e) {
            throw calls.failed("read the link", child(name), e);
        }
    }

    /** Of a name in it; of a link itself. */
    public void chown(String name, int uid, int gid) throws HostException {
        run("change the owner of", name, at -> calls.names().chown(fd, at, uid, gid));
    }

    public void chown(int uid, int gid) throws HostException {
        run("change the owner of", open -> open.chown(fd, uid, gid));
    }

    public void chmod(int mode) throws HostException {
        run("change the permissions of", open -> open.chmod(fd, mode));
    }

    /** Of a name in it that is no link (links have no permissions of their own). */
    public void chmod(String name, int mode) throws HostException {
        run("change the permissions of", name, at -> calls.names().chmod(fd, at, mode));
    }

    /** Sets the modification time (and the access time) of a name in it; of a link itself. */
    public void setTime(String name, FileStat.FileTime time) throws HostException {
        run("set the time of", name, at -> calls.names().setTime(fd, at, time));
    }

    /** Sets the modification time (and the access time) of the directory itself. */
    public void setTime(FileStat.FileTime time) throws HostException {
        run("set the time of", open -> open.setTime(fd, time));
    }

    /**
     * Lets it be moved, and what is in it be removed, although its owner or root protected it against that ("immutable", "append only":
     * chattr(1), chflags(1)).
     */
    public void unprotect() throws HostException {
        run("take away the protection of", open -> open.unprotect(fd));
    }

    /** Lets what is of this name be moved and removed, in the same way. */
    public void unprotect(String name) throws HostException {
        run("take away the protection of", name, at -> calls.names().unprotect(fd, at));
    }

    /** The extended attributes of a name in it ({@code "."}: its own). */
    public Xattrs xattrs(String name) {
        return new Xattrs(calls, fd, name.equals(".") ? name : checked(name), child(name));
    }

    /** Writes all that was changed on this file system to the disk. */
    public void syncFileSystem() throws HostException {
        run("write to disk", open -> open.syncFileSystem(fd));
    }

    @Override
    public void close() throws HostException {
        if (closed) {
            return;
        }
        closed = true;
        run("close", open -> open.close(fd));
    }

    private String child(String name) {
        return display.endsWith("/") ? display + name : display + "/" + name;
    }

    /** One plain name: whatever could lead elsewhere is a mistake of the caller. */
    private static String checked(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("not a plain file name: " + Bytes.toText(name));
        }
        return name;
    }

    @FunctionalInterface
    private interface Call {
        void on(byte[] name) throws LastErrorException;
    }

    @FunctionalInterface
    private interface OwnCall {
        void by(DescriptorCalls open) throws LastErrorException;
    }

    private void run(String what, String name, Call call) throws HostException {
        byte[] at = FileCalls.name(checked(name));
        try {
            call.on(at);
        } catch (LastErrorException e) {
            throw calls.failed(what, child(name), e);
        }
    }

    private void run(String what, OwnCall call) throws HostException {
        try {
            call.by(calls.open());
        } catch (LastErrorException e) {
            throw calls.failed(what, display, e);
        }
    }
}
