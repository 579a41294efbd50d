package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Subvolumes of btrfs, straight through ioctl(2): five times as fast as the command. A subvolume is a directory whose tree is kept apart;
 * a snapshot is another one that shares all blocks with it. Whoever may write in a directory may make subvolumes there, so they can turn
 * up in any tree; those are found by their numbers, so that nobody can lead us astray with paths.
 */
public final class Btrfs {
    private Btrfs() {}

    /**
     * A subvolume inside another.
     *
     * @param id its number
     * @param parent the number of the one that it lies in
     * @param directory the inode, there, of the directory that it lies in
     * @param name its name in that, a byte string
     */
    public record Nested(long id, long parent, long directory, String name) {}

    /** Makes an empty subvolume. */
    public static void create(Dir parent, String name) throws HostException {
        call("make the subvolume", parent.fd(), BtrfsCalls.SUBVOL_CREATE, named(name), child(parent, name));
    }

    /** Makes a writable snapshot. What lies in nested subvolumes is no part of it. */
    public static void snapshot(Dir source, Dir parent, String name) throws HostException {
        byte[] argument = new byte[BtrfsCalls.ARGUMENT_BYTES];
        buffer(argument).putLong(0, source.fd());
        putName(argument, BtrfsCalls.V2_NAME, name);
        call(
                "snapshot " + source.display() + " as",
                parent.fd(),
                BtrfsCalls.SNAP_CREATE_V2,
                argument,
                child(parent, name));
    }

    /** Whether a directory is the top of a subvolume. */
    public static boolean isSubvolume(Dir directory) throws HostException {
        try {
            LinuxFileCalls.ioctl(directory.fd(), BtrfsCalls.SUBVOL_GETFLAGS, new byte[Long.BYTES]);
            return true;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == KernelErrors.EINVAL || e.getErrorCode() == KernelErrors.ENOTTY) {
                return false;
            }
            throw FileCalls.here().failed("look at the subvolume", directory.display(), e);
        }
    }

    public static boolean isReadOnly(Dir subvolume) throws HostException {
        byte[] flags = new byte[Long.BYTES];
        call("look at", subvolume.fd(), BtrfsCalls.SUBVOL_GETFLAGS, flags, subvolume.display());
        return (buffer(flags).getLong(0) & BtrfsCalls.READ_ONLY) != 0;
    }

    public static void setReadOnly(Dir subvolume, boolean readOnly) throws HostException {
        byte[] flags = new byte[Long.BYTES];
        buffer(flags).putLong(0, readOnly ? BtrfsCalls.READ_ONLY : 0);
        String what = readOnly ? "make read-only" : "make writable";
        call(what, subvolume.fd(), BtrfsCalls.SUBVOL_SETFLAGS, flags, subvolume.display());
    }

    /** The number of the subvolume that a directory lies in. */
    public static long id(Dir directory) throws HostException {
        byte[] argument = new byte[BtrfsCalls.ARGUMENT_BYTES];
        buffer(argument).putLong(Long.BYTES, BtrfsCalls.TOP);
        call("look up the subvolume of", directory.fd(), BtrfsCalls.INO_LOOKUP, argument, directory.display());
        return buffer(argument).getLong(0);
    }

    /**
     * Deletes a subvolume with all those that lie in it.
     *
     * @return their numbers: their space is freed in the background
     */
    public static List<Long> delete(Dir parent, String name) throws HostException {
        List<Long> ids = new ArrayList<>();
        try (Dir subvolume = parent.openDir(name)) {
            ids.add(id(subvolume));
            List<Nested> nested = nested(subvolume, ids.get(0));
            for (int i = nested.size() - 1; i >= 0; i--) {
                delete(subvolume, nested.get(i));
                ids.add(nested.get(i).id());
            }
        }
        call("delete the subvolume", parent.fd(), BtrfsCalls.SNAP_DESTROY, named(name), child(parent, name));
        return ids;
    }

    /** All subvolumes that lie in one, at any depth, each before those that lie in it. */
    public static List<Nested> nested(Dir subvolume) throws HostException {
        return nested(subvolume, id(subvolume));
    }

    private static List<Nested> nested(Dir subvolume, long id) throws HostException {
        List<Nested> all = new ArrayList<>();
        try {
            addBelow(subvolume, id, all);
            for (int i = 0; i < all.size(); i++) {
                addBelow(subvolume, all.get(i).id(), all);
            }
            return all;
        } catch (LastErrorException e) {
            throw FileCalls.here().failed("look for subvolumes in", subvolume.display(), e);
        }
    }

    private static void addBelow(Dir subvolume, long id, List<Nested> all) throws LastErrorException {
        for (BtrfsSearch.Item item : BtrfsSearch.items(subvolume.fd(), id, BtrfsCalls.ROOT_REF)) {
            all.add(new Nested(item.offset(), id, item.directory(), item.name()));
        }
    }

    /**
     * Deletes one subvolume by its number, though the one around it may be read-only.
     *
     * @param anywhere a directory of the file system
     */
    public static void delete(Dir anywhere, Nested subvolume) throws HostException {
        try (Dir around = openTop(anywhere, subvolume.parent())) {
            if (isReadOnly(around)) {
                setReadOnly(around, false);
            }
        }
        byte[] argument = new byte[BtrfsCalls.ARGUMENT_BYTES];
        buffer(argument).putLong(BtrfsCalls.V2_FLAGS, BtrfsCalls.BY_ID).putLong(BtrfsCalls.V2_NAME, subvolume.id());
        call(
                "delete the subvolume",
                anywhere.fd(),
                BtrfsCalls.SNAP_DESTROY_V2,
                argument,
                subvolume.name() + " (" + subvolume.id() + ") in " + anywhere.display());
    }

    /** Opens the top directory of a subvolume by its number. */
    public static Dir openTop(Dir anywhere, long id) throws HostException {
        return open(anywhere, BtrfsCalls.TOP, id);
    }

    /** Opens the directory that a nested subvolume lies in. */
    public static Dir openDirectoryOf(Dir anywhere, Nested subvolume) throws HostException {
        return open(anywhere, subvolume.directory(), subvolume.parent());
    }

    private static Dir open(Dir anywhere, long inode, long subvolume) throws HostException {
        byte[] handle = new byte[2 * Integer.BYTES + BtrfsCalls.HANDLE_BYTES];
        buffer(handle)
                .putInt(BtrfsCalls.HANDLE_BYTES)
                .putInt(BtrfsCalls.HANDLE_TYPE)
                .putLong(inode)
                .putLong(subvolume); // and the generation 0: any
        String display = "inode " + inode + " of subvolume " + subvolume + " in " + anywhere.display();
        try {
            int flags = LinuxFileCalls.O_RDONLY | LinuxFileCalls.O_DIRECTORY | LinuxFileCalls.O_CLOEXEC;
            return Dir.of(BtrfsCalls.open_by_handle_at(anywhere.fd(), handle, flags), display);
        } catch (LastErrorException e) {
            throw FileCalls.here().failed("open", display, e);
        }
    }

    /** Writes all changes to the disk, and wakes up what frees the space of deleted subvolumes. */
    public static void sync(Dir anywhere) throws HostException {
        call("write to disk", anywhere.fd(), BtrfsCalls.SYNC, null, anywhere.display());
    }

    /** Numbers of deleted subvolumes whose space is not yet free. */
    public static Set<Long> beingFreed(Dir anywhere) throws HostException {
        Set<Long> ids = new HashSet<>();
        try {
            BtrfsSearch.items(anywhere.fd(), BtrfsCalls.ORPHANS, BtrfsCalls.ORPHAN_ITEM)
                    .forEach(item -> ids.add(item.offset()));
            return ids;
        } catch (LastErrorException e) {
            throw FileCalls.here().failed("ask for deleted subvolumes", anywhere.display(), e);
        }
    }

    private static void call(String what, int fd, long request, byte[] argument, String display) throws HostException {
        try {
            LinuxFileCalls.ioctl(fd, request, argument);
        } catch (LastErrorException e) {
            throw FileCalls.here().failed(what, display, e);
        }
    }

    private static String child(Dir parent, String name) {
        return parent.display() + "/" + name;
    }

    private static byte[] named(String name) {
        byte[] argument = new byte[BtrfsCalls.ARGUMENT_BYTES];
        putName(argument, BtrfsCalls.NAME, name);
        return argument;
    }

    private static void putName(byte[] argument, int at, String name) {
        byte[] bytes = FileCalls.name(name);
        if (bytes.length > BtrfsCalls.NAME_LIMIT) {
            throw new IllegalArgumentException("too long for a subvolume's name: " + name);
        }
        System.arraycopy(bytes, 0, argument, at, bytes.length);
    }

    private static ByteBuffer buffer(byte[] argument) {
        return ByteBuffer.wrap(argument).order(ByteOrder.nativeOrder());
    }
}
