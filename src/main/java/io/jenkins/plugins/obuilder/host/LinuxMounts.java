package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes mounts that Linux alone has, straight through mount(2): ten times as fast as the command. Links in the paths given are followed, so
 * nobody hostile may be at work there at that moment.
 */
public final class LinuxMounts {
    /** What the kernel takes as options: a page, with the NUL at the end. */
    private static final int OPTIONS_LIMIT = 4095;

    private LinuxMounts() {}

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
        options.append(lower.stream().map(LinuxMounts::escaped).collect(Collectors.joining(":")));
        upper.ifPresent(directory -> options.append(",upperdir=").append(escaped(directory)));
        work.ifPresent(directory -> options.append(",workdir=").append(escaped(directory)));
        if (!moreOptions.isEmpty()) {
            options.append(',').append(moreOptions);
        }
        if (options.length() > OPTIONS_LIMIT) {
            throw new HostException("cannot mount " + target + ": the names of its " + lower.size()
                    + " layers are too long together (" + options.length() + " of " + OPTIONS_LIMIT + " bytes)");
        }
        long flags = upper.isPresent() ? 0 : LinuxCalls.MS_RDONLY;
        mount("overlay", Mounts.name(target), "overlay", flags, options.toString());
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
                lower.stream().map(LinuxMounts::descriptor).toList(),
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
        bind(Mounts.name(source), Mounts.name(target));
    }

    private static void bind(String source, String target) throws HostException {
        mount(source, target, "none", LinuxCalls.MS_BIND, "");
    }

    /** Makes {@code source} appear at {@code target} for reading only. */
    public static void bindReadOnly(Path source, Path target) throws HostException {
        bind(source, target);
        try {
            mount(
                    "none",
                    Mounts.name(target),
                    "none",
                    LinuxCalls.MS_BIND | LinuxCalls.MS_REMOUNT | LinuxCalls.MS_RDONLY,
                    "");
        } catch (HostException e) {
            Mounts.unmount(target);
            throw e;
        }
    }

    /** Makes {@code source} appear at {@code target} with no effect for the device files and set-uid programs in it. */
    public static void bindUntrusted(Path source, Path target) throws HostException {
        bindUntrusted(source, Mounts.name(target));
    }

    /** The same with the target as a byte string. */
    public static void bindUntrusted(Path source, String target) throws HostException {
        bind(Mounts.name(source), target);
        mount(
                "none",
                target,
                "none",
                LinuxCalls.MS_BIND | LinuxCalls.MS_REMOUNT | LinuxCalls.MS_NOSUID | LinuxCalls.MS_NODEV,
                "");
    }

    /** Mounts an empty file system in memory, without devices and set-uid programs. */
    public static void tmpfs(Path target, String options) throws HostException {
        mount("tmpfs", Mounts.name(target), "tmpfs", LinuxCalls.MS_NOSUID | LinuxCalls.MS_NODEV, options);
    }

    static void mount(String source, String target, String type, long flags, String options) throws HostException {
        Kernel.requireLinux("mounts of the kind " + type);
        try {
            LinuxCalls.mount(
                    FileCalls.name(source),
                    FileCalls.name(target),
                    FileCalls.name(type),
                    flags,
                    FileCalls.name(options));
        } catch (LastErrorException e) {
            String what = type.equals("none") ? Bytes.toText(source) : type;
            throw new HostException(
                    "cannot mount " + what + " at " + Bytes.toText(target)
                            + (options.isEmpty() ? "" : " (" + Bytes.toText(options) + ")") + ": " + Posix.describe(e),
                    e);
        }
    }

    /** For an overlay's options, where colons separate layers and commas options. */
    private static String escaped(Path path) {
        return Mounts.name(path).replaceAll("([\\\\:,])", "\\\\$1");
    }
}
