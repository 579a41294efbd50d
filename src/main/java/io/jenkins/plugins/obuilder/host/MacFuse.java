package io.jenkins.plugins.obuilder.host;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * By macFUSE, which has a device of its own kind: its libfuse knows how to mount, and passes on what the kernel says. Its lower half alone is
 * used (fuse_common.h, fuse_lowlevel.h of macfuse/library). <b>Never run on a Mac</b>: tests have a library of these functions that plays a
 * Mac's part.
 */
final class MacFuse implements FuseConnection {
    /** As what such mounts are listed. */
    static final String TYPE = "macfuse";

    /** Names another library instead: for tests. */
    static final String PROPERTY = "obuilder.libfuse";

    private static final Path LIBRARY = Path.of(System.getProperty(PROPERTY, "/usr/local/lib/libfuse.2.dylib"));

    /** {@code struct fuse_session_ops}: five functions, of which none is called here. */
    private static final int SESSION_OPS_BYTES = 5 * Native.POINTER_SIZE;

    /** {@code struct fuse_args}: int argc, char **argv, int allocated. */
    private static final int ARGS_BYTES = 3 * Native.POINTER_SIZE;

    private static final int ENOENT = 2;
    private static final int EINTR = 4;
    private static final int ENODEV = 19;
    private static final int EAGAIN = 35;

    /** Functions of libfuse 2. Macs have 64 bits, so a {@code size_t} is a long. */
    interface LibFuse extends Library {
        /** A {@code struct fuse_chan}, or null. */
        Pointer fuse_mount(String mountpoint, Pointer args);

        /** A {@code struct fuse_session}, or null. */
        Pointer fuse_session_new(Pointer ops, Pointer data);

        /** Without a session a channel receives nothing. */
        void fuse_session_add_chan(Pointer session, Pointer channel);

        /** Returns a length, 0 at the end, or an error number with a minus. */
        int fuse_chan_recv(PointerByReference channel, Pointer buffer, long size);

        /** Returns 0 or an error number with a minus. {@code vector} is a {@code struct iovec}. */
        int fuse_chan_send(Pointer channel, Pointer vector, long count);
    }

    private static final List<Memory> KEPT = new CopyOnWriteArrayList<>();

    private final LibFuse fuse;
    private final Pointer channel;

    private MacFuse(LibFuse fuse, Pointer channel) {
        this.fuse = fuse;
        this.channel = channel;
    }

    static Optional<String> whyUnsupported() {
        return Files.exists(LIBRARY)
                ? Optional.empty()
                : Optional.of("there is no " + LIBRARY
                        + ": install macFUSE (macfuse.github.io) and allow its kernel extension, or let"
                        + " the prefix be swapped, which needs none");
    }

    /** What is said to mount_macfuse: Finder and Spotlight are to leave it alone, and nothing is to be remembered. */
    static List<String> options(boolean readOnly) {
        String options =
                "allow_other,default_permissions,nosuid,nodev,nobrowse,noappledouble,nolocalcaches,fsname=obuilderfs,volname=obuilderfs";
        return List.of("obuilderfs", "-o", readOnly ? options + ",ro" : options);
    }

    static MacFuse mount(Path target, boolean readOnly) throws HostException {
        Optional<String> why = whyUnsupported();
        if (why.isPresent()) {
            throw new HostException("cannot mount at " + target + ": " + why.get());
        }
        LibFuse fuse = Native.load(LIBRARY.toString(), LibFuse.class);
        Pointer channel = fuse.fuse_mount(target.toString(), args(options(readOnly)));
        if (channel == null) {
            throw new HostException(
                    "cannot mount at " + target
                            + ": macFUSE refuses (above is what it says); is its kernel extension allowed in Privacy & Security?");
        }
        Memory ops = new Memory(SESSION_OPS_BYTES);
        ops.clear();
        Pointer session = fuse.fuse_session_new(ops, Pointer.NULL);
        if (session == null) {
            throw new HostException("cannot serve " + target + ": libfuse has no memory for it");
        }
        fuse.fuse_session_add_chan(session, channel);
        return new MacFuse(fuse, channel);
    }

    /** {@code struct fuse_args}, kept as long as the process lives: libfuse may go on reading it. */
    private static Pointer args(List<String> words) {
        Memory vector = new Memory((words.size() + 1L) * Native.POINTER_SIZE);
        vector.clear();
        for (int i = 0; i < words.size(); i++) {
            Memory word = new Memory(words.get(i).length() + 1L);
            word.setString(0, words.get(i), StandardCharsets.US_ASCII.name());
            vector.setPointer((long) i * Native.POINTER_SIZE, word);
            KEPT.add(word);
        }
        Memory args = new Memory(ARGS_BYTES);
        args.clear();
        args.setInt(0, words.size());
        args.setPointer(Native.POINTER_SIZE, vector);
        KEPT.add(vector);
        KEPT.add(args);
        return args;
    }

    @Override
    public int receive(NativeBuffer into) throws HostException {
        while (true) {
            int n = fuse.fuse_chan_recv(new PointerByReference(channel), new Pointer(into.at(0)), into.size());
            if (n >= 0 || n == -ENODEV) {
                return Math.max(n, 0);
            }
            if (n != -EINTR && n != -EAGAIN && n != -ENOENT) {
                throw new HostException("cannot receive from macFUSE: " + Posix.strerror(-n));
            }
        }
    }

    @Override
    public void send(NativeBuffer from, int length) throws HostException {
        Memory vector = new Memory(2L * Native.POINTER_SIZE);
        vector.setPointer(0, new Pointer(from.at(0, length)));
        vector.setLong(Native.POINTER_SIZE, length);
        int error = fuse.fuse_chan_send(channel, vector, 1);
        if (error != 0 && error != -ENOENT && error != -ENODEV && error != -EINTR) {
            throw new HostException("cannot answer macFUSE: " + Posix.strerror(-error));
        }
    }
}
