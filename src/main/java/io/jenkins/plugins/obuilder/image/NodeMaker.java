package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileException;
import io.jenkins.plugins.obuilder.host.FileKind;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.host.Places;
import io.jenkins.plugins.obuilder.host.Xattrs;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes files with all that belongs to them. Owner first, then mode, then extended attributes, then times: changing the owner takes
 * away the set-uid bit and file capabilities, and everything changes times. Directories get their times, and the ACL that new files in
 * them inherit, only in {@link #finish}, when nothing is made in them any more.
 */
final class NodeMaker {
    private static final String DEFAULT_ACL = "system.posix_acl_default";

    /** Paths are real, byte strings, the root's is empty. Sorted, so that siblings are found from one open parent. */
    private final NavigableMap<String, Attributes> directories = new TreeMap<>();

    private final Dir root;
    private final Notes notes;

    /** Writes a file's contents. */
    @FunctionalInterface
    interface Contents {
        void writeTo(OpenFile file) throws IOException;
    }

    NodeMaker(Dir root, Notes notes) {
        this.root = root;
        this.notes = notes;
    }

    void file(Dir parent, String name, String path, Attributes attributes, Contents contents) throws IOException {
        try (OpenFile file = parent.createFile(name, 0600)) {
            contents.writeTo(file);
            file.chown(attributes.uid(), attributes.gid());
            file.chmod(attributes.mode());
        }
        setXattrs(parent.xattrs(name), path, attributes.xattrs());
        parent.setTime(name, attributes.mtime());
    }

    void symlink(Dir parent, String name, String path, Attributes attributes, String target) throws IOException {
        if (target.isEmpty() || target.indexOf(0) >= 0 || target.length() > 4095) {
            throw new ImageException("it leads to a name that is impossible (" + target.length() + " bytes)");
        }
        parent.symlink(name, target);
        parent.chown(name, attributes.uid(), attributes.gid());
        setXattrs(parent.xattrs(name), path, attributes.xattrs());
        parent.setTime(name, attributes.mtime());
    }

    /** Makes a device or a named pipe; leaves a device out where the system does not permit to make it. */
    void node(Dir parent, String name, String path, Attributes attributes, FileKind kind, TarEntry.Device device)
            throws IOException {
        boolean isDevice = kind != FileKind.FIFO;
        if (isDevice && device.major() == 0 && device.minor() == 0) {
            notes.add("left out device files 0:0, which overlayfs takes for deleted files", path);
            return;
        }
        try {
            parent.makeNode(name, kind, attributes.mode(), device.major(), device.minor());
        } catch (FileException e) {
            if (!isDevice || !e.isForbidden()) {
                throw e;
            }
            notes.add("left out device files, which may not be made here", path);
            return;
        }
        parent.chown(name, attributes.uid(), attributes.gid());
        parent.chmod(name, attributes.mode());
        setXattrs(parent.xattrs(name), path, attributes.xattrs());
        parent.setTime(name, attributes.mtime());
    }

    /** Makes a directory. */
    void directory(Dir parent, String name, String path, Attributes attributes) throws IOException {
        try (Dir made = parent.makeDir(name, 0700)) {
            dress(made, path, attributes);
        }
    }

    /** Gives a directory that is there already just these attributes. */
    void existing(Dir directory, String path, Attributes attributes) throws IOException {
        for (String name : directory.xattrs(".").all().keySet()) {
            if (!isTheSystems(name)) {
                directory.xattrs(".").remove(name);
            }
        }
        dress(directory, path, attributes);
    }

    private void dress(Dir directory, String path, Attributes attributes) throws IOException {
        directory.chown(attributes.uid(), attributes.gid());
        directory.chmod(attributes.mode());
        Map<String, byte[]> now = new TreeMap<>(attributes.xattrs());
        now.remove(DEFAULT_ACL);
        setXattrs(directory.xattrs("."), path, now);
        directories.put(path, attributes);
    }

    /** A file or an empty directory is gone. */
    void removed(String path) {
        directories.remove(path);
    }

    /** A directory is gone with all that was in it. */
    void removedTree(String path) {
        directories.remove(path);
        directories.subMap(path + "/", path + "0").clear(); // "0" comes next after "/"
    }

    private void setXattrs(Xattrs xattrs, String path, Map<String, byte[]> values) throws IOException {
        for (Map.Entry<String, byte[]> xattr : values.entrySet()) {
            String name = xattr.getKey();
            if (isOverlays(name)) {
                notes.add(
                        "left out attributes " + ImageException.quote(name) + ", which overlayfs takes as orders",
                        path);
                continue;
            }
            try {
                xattrs.set(name, xattr.getValue());
            } catch (FileException e) {
                if (e.isInvalid()) {
                    throw new ImageException(
                            "its extended attribute " + ImageException.quote(name) + " is damaged: " + e.getMessage(),
                            e);
                }
                if (!e.isUnsupported() && !e.isForbidden()) {
                    throw e;
                }
                notes.add(
                        "left out attributes " + ImageException.quote(name)
                                + ", which this file system or this user cannot set",
                        path);
            }
        }
    }

    /** In a layer of an overlay these redirect to other places, or hide what is below. */
    private static boolean isOverlays(String name) {
        return name.startsWith("trusted.overlay.") || name.startsWith("user.overlay.");
    }

    private static boolean isTheSystems(String name) {
        return isOverlays(name) || name.startsWith("security.") && !name.equals("security.capability");
    }

    /** Gives the directories what had to wait. */
    void finish() throws IOException {
        try (Places places = new Places(root)) {
            for (Map.Entry<String, Attributes> entry : directories.entrySet()) {
                finish(places, entry.getKey(), entry.getValue());
            }
        }
    }

    private void finish(Places places, String path, Attributes attributes) throws IOException {
        List<String> parts = Places.split(path);
        byte[] acl = attributes.xattrs().get(DEFAULT_ACL);
        Map<String, byte[]> waiting = acl == null ? Map.of() : Map.of(DEFAULT_ACL, acl);
        if (parts.isEmpty()) {
            setXattrs(root.xattrs("."), path, waiting);
            root.setTime(attributes.mtime());
            return;
        }
        String name = parts.get(parts.size() - 1);
        Dir parent = places.find(parts.subList(0, parts.size() - 1), Optional.empty())
                .orElseThrow(() -> new IllegalStateException("a directory that was just made is gone: " + path))
                .directory();
        setXattrs(parent.xattrs(name), path, waiting);
        parent.setTime(name, attributes.mtime());
    }
}
