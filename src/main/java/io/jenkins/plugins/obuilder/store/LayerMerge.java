package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileKind;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.HostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Makes one layer of an overlay file system out of several, which shows the same on any layers below. Files become hard links, so
 * that it costs little more than its directories; a file's link count and change time tell of it, as the only traces.
 *
 * <p>A character device 0/0 hides ("whiteout") and a directory with the attribute {@code trusted.overlay.opaque} replaces what the layers
 * below have of that name (Documentation/filesystems/overlayfs.rst); there are no redirects in our layers.
 */
final class LayerMerge {
    private static final String OVERLAY_ATTRIBUTES = "trusted.overlay.";
    private static final String OPAQUE = "trusted.overlay.opaque";

    /** Which directory below this one was copied from; empty when that is not known. */
    private static final String ORIGIN = "trusted.overlay.origin";

    private static final byte[] YES = {'y'};

    /** Two descriptors are open for each. */
    private static final int MAX_DEPTH = 1000;

    private LayerMerge() {}

    /**
     * Merges the layers into an empty directory of the same file system.
     *
     * @param layers the top one first
     */
    static void merge(List<Dir> layers, Dir into) throws HostException {
        for (Dir layer : layers) {
            addBelow(layer, into, 0);
        }
        adopt(layers.get(0), into);
    }

    /** Gives one directory the owner, permissions, attributes and times of another, but nothing that belongs to the overlay. */
    static void adopt(Dir from, Dir to) throws HostException {
        TreeAttributes.copy(from, to, name -> !name.startsWith(OVERLAY_ATTRIBUTES));
    }

    private static void addBelow(Dir layer, Dir merged, int depth) throws HostException {
        if (depth > MAX_DEPTH) {
            throw new HostException("cannot merge layers: " + layer + " lies more than " + MAX_DEPTH
                    + " directories deep; remove it in the step that makes it, or use a store of another kind");
        }
        for (Dir.Entry entry : layer.list()) {
            String name = entry.name();
            boolean directory = kind(layer, entry) == FileKind.DIRECTORY;
            Optional<FileStat> above = merged.stat(name);
            if (above.isEmpty() && directory) {
                copy(layer, merged, name, depth);
            } else if (above.isEmpty()) {
                file(layer, merged, entry);
            } else if (above.get().isDirectory()) {
                addBelowDirectory(layer, merged, name, directory, depth);
            }
        }
    }

    /** Links it; but a new node for a whiteout, which the kernel has linked already as often as it could. */
    private static void file(Dir layer, Dir merged, Dir.Entry entry) throws HostException {
        if (kind(layer, entry) == FileKind.CHARACTER_DEVICE) {
            FileStat stat = layer.stat(entry.name()).orElseThrow();
            if (stat.deviceMajor() == 0 && stat.deviceMinor() == 0) {
                merged.makeNode(entry.name(), FileKind.CHARACTER_DEVICE, 0, 0, 0);
                // Where it has nothing left to hide, the kernel lists it, unless the directory seems to be a copy of a
                // lower one.
                merged.xattrs(".").set(ORIGIN, new byte[0]);
                return;
            }
        }
        merged.link(entry.name(), layer, entry.name());
    }

    private static FileKind kind(Dir layer, Dir.Entry entry) throws HostException {
        return entry.kind() != null
                ? entry.kind()
                : layer.stat(entry.name()).orElseThrow().kind();
    }

    private static void copy(Dir layer, Dir merged, String name, int depth) throws HostException {
        try (Dir from = layer.openDir(name);
                Dir to = merged.makeDir(name, 0700)) {
            addBelow(from, to, depth + 1);
            adopt(from, to);
            if (isOpaque(from)) {
                makeOpaque(to);
            }
        }
    }

    private static void addBelowDirectory(Dir layer, Dir merged, String name, boolean directory, int depth)
            throws HostException {
        try (Dir to = merged.openDir(name)) {
            if (isOpaque(to)) {
                return;
            }
            if (!directory) {
                // What lies deeper is hidden by this, which the directory above it replaces.
                makeOpaque(to);
                return;
            }
            try (Dir from = layer.openDir(name)) {
                FileStat.FileTime time = to.stat().mtime();
                addBelow(from, to, depth + 1);
                to.setTime(time);
                if (isOpaque(from)) {
                    makeOpaque(to);
                }
            }
        }
    }

    private static boolean isOpaque(Dir directory) throws HostException {
        return Arrays.equals(directory.xattrs(".").all().getOrDefault(OPAQUE, new byte[0]), YES);
    }

    private static void makeOpaque(Dir directory) throws HostException {
        directory.xattrs(".").set(OPAQUE, YES);
    }
}
