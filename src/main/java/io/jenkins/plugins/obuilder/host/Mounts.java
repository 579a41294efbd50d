package io.jenkins.plugins.obuilder.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.jna.LastErrorException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Mounts of Linux, straight through mount(2): ten times as fast as the command. Links in the paths given are followed, so nobody
 * hostile may be at work there at that moment.
 */
public final class Mounts {
    /** What the kernel takes as options: a page, with the NUL at the end. */
    private static final int OPTIONS_LIMIT = 4095;

    private Mounts() {}

    /** Mounts the layers, the top one first, below a writable one. */
    public static void overlay(List<Path> lower, Path upper, Path work, Path target) throws HostException {
        overlay(lower, Optional.of(upper), Optional.of(work), target, "");
    }

    /** Mounts at least two layers, the top one first, read-only. */
    public static void overlayReadOnly(List<Path> lower, Path target) throws HostException {
        overlay(lower, Optional.empty(), Optional.empty(), target, "");
    }

    /**
     * Mounts the layers.
     *
     * @param moreOptions such as {@code "userxattr,volatile"}, or empty
     */
    public static void overlay(
            List<Path> lower, Optional<Path> upper, Optional<Path> work, Path target, String moreOptions)
            throws HostException {
        StringBuilder options = new StringBuilder("lowerdir=");
        options.append(lower.stream().map(Mounts::escaped).collect(Collectors.joining(":")));
        upper.ifPresent(directory -> options.append(",upperdir=").append(escaped(directory)));
        work.ifPresent(directory -> options.append(",workdir=").append(escaped(directory)));
        if (!moreOptions.isEmpty()) {
            options.append(',').append(moreOptions);
        }
        if (options.length() > OPTIONS_LIMIT) {
            throw new HostException("cannot mount " + target + ": the names of its " + lower.size()
                    + " layers are too long together (" + options.length() + " of " + OPTIONS_LIMIT + " bytes)");
        }
        long flags = upper.isPresent() ? 0 : LibC.MS_RDONLY;
        mount("overlay", name(target), "overlay", flags, options.toString());
    }

    /**
     * Mounts layers by their descriptors: an absolute name of each would fill the page of options after some forty. Holds about 230.
     *
     * @param lower the top one first
     * @param upper with its work directory, on one file system; empty for a read-only mount, which needs at least two layers
     */
    public static void overlayOf(List<Dir> lower, Optional<Layer> upper, Path target, String moreOptions)
            throws HostException {
        overlay(
                lower.stream().map(Mounts::descriptor).toList(),
                upper.map(layer -> descriptor(layer.upper())),
                upper.map(layer -> descriptor(layer.work())),
                target,
                moreOptions);
    }

    /** A writable layer. */
    public record Layer(Dir upper, Dir work) {}

    private static Path descriptor(Dir directory) {
        return Path.of("/proc/self/fd/" + directory.fd());
    }

    /** Makes the directory or file {@code source} appear at {@code target}, which must exist, too. */
    public static void bind(Path source, Path target) throws HostException {
        bind(name(source), name(target));
    }

    private static void bind(String source, String target) throws HostException {
        mount(source, target, "none", LibC.MS_BIND, "");
    }

    /** Makes {@code source} appear at {@code target} for reading only. */
    public static void bindReadOnly(Path source, Path target) throws HostException {
        bind(source, target);
        try {
            mount("none", name(target), "none", LibC.MS_BIND | LibC.MS_REMOUNT | LibC.MS_RDONLY, "");
        } catch (HostException e) {
            unmount(target);
            throw e;
        }
    }

    /** Makes {@code source} appear at {@code target} with no effect for the device files and set-uid programs in it. */
    public static void bindUntrusted(Path source, Path target) throws HostException {
        bindUntrusted(source, name(target));
    }

    /** The same with the target as a byte string. */
    public static void bindUntrusted(Path source, String target) throws HostException {
        bind(name(source), target);
        mount("none", target, "none", LibC.MS_BIND | LibC.MS_REMOUNT | LibC.MS_NOSUID | LibC.MS_NODEV, "");
    }

    /** Mounts an empty file system in memory, without devices and set-uid programs. */
    public static void tmpfs(Path target, String options) throws HostException {
        mount("tmpfs", name(target), "tmpfs", LibC.MS_NOSUID | LibC.MS_NODEV, options);
    }

    /** Unmounts what is mounted on top there, waiting a little while it is busy, then detaching it; nothing when nothing is mounted. */
    public static void unmount(Path target) throws HostException {
        unmount(target, Duration.ofSeconds(2));
    }

    /**
     * Unmounts what is mounted on top there; does nothing when nothing is.
     *
     * @param patience how long to try again while it is busy; it is detached after that: it vanishes from the tree at once and is
     *     really unmounted when its last user has gone
     */
    public static void unmount(Path target, Duration patience) throws HostException {
        long deadline = System.nanoTime() + patience.toNanos();
        long pause = 1;
        while (true) {
            boolean last = System.nanoTime() >= deadline;
            try {
                LibC.umount2(bytes(name(target)), LibC.UMOUNT_NOFOLLOW | (last ? LibC.MNT_DETACH : 0));
                return;
            } catch (LastErrorException e) {
                int error = e.getErrorCode();
                if (error == LibC.EINVAL || error == LibC.ENOENT) {
                    return;
                }
                if (last || error != LibC.EBUSY && error != LibC.EINTR) {
                    throw new HostException("cannot unmount " + target + ": " + LibC.describe(e), e);
                }
            }
            pause(pause);
            pause = Math.min(2 * pause, 100);
        }
    }

    /** Unmounts all that is mounted at a directory and below it, the deepest first; the same place more than once if need be. */
    public static void unmountAll(Path directory) throws HostException {
        List<MountPoint> below = new ArrayList<>(within(directory));
        below.sort(Comparator.comparingInt(MountPoint::id).reversed());
        below.sort(Comparator.comparingInt((MountPoint mount) -> mount.path().length())
                .reversed());
        for (MountPoint mount : below) {
            unmount(Path.of(Bytes.toText(mount.path())));
        }
    }

    /** All mounts of this process' namespace, in the order of their making. */
    public static List<MountPoint> list() throws HostException {
        try {
            String table = Files.readString(Path.of("/proc/thread-self/mountinfo"), ISO_8859_1);
            return table.lines()
                    .map(MountPoint::parse)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            throw new HostException("cannot read the list of mounts: " + e.getMessage(), e);
        }
    }

    /** The mounts at a directory and below it. */
    public static List<MountPoint> within(Path directory) throws HostException {
        return list().stream().filter(mount -> mount.isWithin(directory)).toList();
    }

    public static boolean isMountPoint(Path directory) throws HostException {
        return list().stream().anyMatch(mount -> mount.path().equals(name(directory)));
    }

    static void mount(String source, String target, String type, long flags, String options) throws HostException {
        try {
            LibC.mount(bytes(source), bytes(target), bytes(type), flags, bytes(options));
        } catch (LastErrorException e) {
            String what = type.equals("none") ? Bytes.toText(source) : type;
            throw new HostException(
                    "cannot mount " + what + " at " + Bytes.toText(target)
                            + (options.isEmpty() ? "" : " (" + Bytes.toText(options) + ")") + ": " + LibC.describe(e),
                    e);
        }
    }

    /** The path as a byte string. */
    static String name(Path path) {
        return Bytes.ofText(path.toAbsolutePath().normalize().toString());
    }

    /** For an overlay's options, where colons separate layers and commas options. */
    private static String escaped(Path path) {
        return name(path).replaceAll("([\\\\:,])", "\\\\$1");
    }

    private static byte[] bytes(String byteString) {
        if (byteString.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL byte in " + Bytes.toText(byteString));
        }
        return Bytes.toBytes(byteString + "\0");
    }

    private static void pause(long milliseconds) throws HostException {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException("interrupted while waiting for a busy mount", e);
        }
    }
}
