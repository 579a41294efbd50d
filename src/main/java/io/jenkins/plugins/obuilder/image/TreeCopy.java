package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileKind;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.host.Places;
import io.jenkins.plugins.obuilder.host.Places.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies a tree with everything: owners, modes, times, hard links, holes, extended attributes. File systems that can share blocks do so.
 * Sockets, which mean nothing without their process, and what is mounted inside the tree are left out with a note.
 */
final class TreeCopy {
    private final Notes notes = new Notes();
    private final Places places;
    private final NodeMaker nodes;
    private final Dir target;
    private final Map<String, List<String>> firstOfInode = new HashMap<>();
    private final byte[] buffer = new byte[OpenFile.BLOCK];

    private final Progress progress;

    private TreeCopy(Dir target, Places places, Progress progress) {
        this.target = target;
        this.progress = progress;
        this.places = places;
        nodes = new NodeMaker(target, notes);
    }

    /** @param into an existing, empty directory */
    static void copy(Path from, Path into, Progress progress) throws IOException {
        try (Dir source = Dir.open(from);
                Dir target = Dir.open(into);
                Places places = new Places(target)) {
            TreeCopy copy = new TreeCopy(target, places, progress);
            TreeWalk.walk(source, copy::visit);
            copy.nodes.finish();
            copy.notes.tell(progress);
        }
    }

    private void visit(Dir parent, String name, String path, FileStat stat, boolean elsewhere) throws IOException {
        progress.insistWanted();
        Attributes attributes = Attributes.of(stat, parent.xattrs(name).all());
        if (path.isEmpty()) {
            nodes.existing(target, path, attributes);
            return;
        }
        List<String> parts = Places.split(path);
        Dir into = into(parts);
        if (elsewhere && !stat.isDirectory()) {
            notes.add("left out files that are mounted there", path);
            return;
        }
        if (!stat.isDirectory() && stat.links() > 1 && stat.kind() != FileKind.SOCKET) {
            List<String> first = firstOfInode.putIfAbsent(stat.fileSystem() + " " + stat.inode(), parts);
            if (first != null) {
                link(into, name, first);
                return;
            }
        }
        switch (stat.kind()) {
            case DIRECTORY -> {
                if (elsewhere) {
                    notes.add("left empty, because another file system is mounted there", path);
                }
                directory(into, name, path, attributes);
            }
            case FILE -> nodes.file(into, name, path, attributes, file -> contents(parent, name, stat, file));
            case SYMLINK -> nodes.symlink(into, name, path, attributes, parent.readLink(name));
            case SOCKET -> notes.add("left out sockets", path);
            case FIFO, CHARACTER_DEVICE, BLOCK_DEVICE ->
                nodes.node(
                        into,
                        name,
                        path,
                        attributes,
                        stat.kind(),
                        new TarEntry.Device(stat.deviceMajor(), stat.deviceMinor()));
        }
    }

    /** A store may have made one that is a file system of its own. */
    private void directory(Dir into, String name, String path, Attributes attributes) throws IOException {
        if (into.stat(name).isEmpty()) {
            nodes.directory(into, name, path, attributes);
            return;
        }
        try (Dir there = into.openDir(name)) {
            nodes.existing(there, path, attributes);
        }
    }

    private Dir into(List<String> parts) throws IOException {
        Optional<Place> place = places.find(parts.subList(0, parts.size() - 1), Optional.empty());
        return place.orElseThrow(() -> new ImageException("the copy changed while it was made"))
                .directory();
    }

    private void link(Dir into, String name, List<String> first) throws IOException {
        try (Places others = new Places(target)) {
            Optional<Place> place = others.find(first.subList(0, first.size() - 1), Optional.empty());
            String other = first.get(first.size() - 1);
            if (place.isPresent()
                    && place.get().directory().stat(other).isPresent()) { // else it was left out, with a note
                into.link(name, place.get().directory(), other);
            }
        }
    }

    private void contents(Dir parent, String name, FileStat stat, OpenFile copy) throws IOException {
        try (OpenFile original = parent.openFile(name)) {
            if (!copy.cloneFrom(original)) {
                for (long[] data = original.nextData(0); data != null; data = original.nextData(data[1])) {
                    original.seek(data[0]);
                    copy.seek(data[0]);
                    copy(original, copy, data[1] - data[0]);
                }
                copy.setSize(stat.size());
            }
            FileStat now = original.stat();
            if (now.size() != stat.size()
                    || !now.mtime().isSame(stat.mtime())
                    || !now.ctime().isSame(stat.ctime())) {
                throw TreeWalk.changed(parent, name);
            }
        }
    }

    private void copy(OpenFile original, OpenFile copy, long length) throws IOException {
        long left = length;
        while (left > 0) {
            int n = original.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                return; // it became shorter, which is noticed at the end
            }
            copy.write(buffer, 0, n);
            left -= n;
            progress.insistWanted();
        }
    }
}
