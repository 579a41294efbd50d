package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileKind;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.host.Places;
import io.jenkins.plugins.obuilder.host.Places.Place;
import io.jenkins.plugins.obuilder.image.TarEntry.Segment;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A tree that archives are unpacked into, one over the other. What an entry replaces is removed first and never written to, and nothing is
 * ever reached through the system's own name resolution ({@link Places}), so nothing outside the root can be touched.
 */
final class TreeWriter implements Closeable {
    private final Dir root;
    private final Places places;
    private final NodeMaker nodes;
    private final Notes notes = new Notes();
    private final UnpackLimits.Counter counter;
    private final Progress progress;
    private final byte[] buffer = new byte[OpenFile.BLOCK];

    /** Real paths of what the present layer brought: its whiteouts do not hide them. */
    private final NavigableSet<String> made = new TreeSet<>();

    private boolean rootDressed;

    private TreeWriter(Dir root, UnpackLimits limits, Progress progress) {
        this.root = root;
        this.progress = progress;
        places = new Places(root);
        nodes = new NodeMaker(root, notes);
        counter = new UnpackLimits.Counter(limits);
    }

    /** @param rootfs an existing, empty directory */
    static TreeWriter open(Path rootfs, UnpackLimits limits, Progress progress) throws IOException {
        return new TreeWriter(Dir.open(rootfs), limits, progress);
    }

    /** What comes now lies over what came before. */
    void beginLayer() {
        made.clear();
    }

    /**
     * Counts an entry against the limits.
     *
     * @throws ImageException when it is one too many
     * @throws Sandbox.CancelledException when nobody wants the tree any more
     */
    void count(TarEntry entry) throws IOException {
        progress.insistWanted();
        counter.add(entry.size());
    }

    /** Takes an entry of the present layer, with its data from the reader. */
    void add(List<String> parts, TarEntry entry, TarReader reader) throws IOException {
        Attributes attributes = Attributes.of(entry);
        if (parts.isEmpty()) {
            if (entry.type() != TarEntry.Type.DIRECTORY) {
                throw new ImageException("it stands for the root itself, but is no directory");
            }
            rootDressed = true;
            nodes.existing(root, "", attributes);
            return;
        }
        if (!rootDressed) { // many layers do not bring it; what the directory had before must not show
            rootDressed = true;
            nodes.existing(root, "", Attributes.taken(entry.mtime()));
        }
        Place place = place(parts, entry.mtime());
        String name = parts.get(parts.size() - 1);
        String path = place.key(name);
        switch (entry.type()) {
            case DIRECTORY -> directory(place.directory(), name, path, attributes);
            case HARD_LINK -> hardLink(parts, entry);
            case FILE -> {
                clear(place.directory(), name, path);
                nodes.file(place.directory(), name, path, attributes, file -> write(file, entry, reader));
            }
            case SYMLINK -> {
                clear(place.directory(), name, path);
                nodes.symlink(place.directory(), name, path, attributes, entry.link());
            }
            case FIFO, CHARACTER_DEVICE, BLOCK_DEVICE -> {
                clear(place.directory(), name, path);
                nodes.node(
                        place.directory(),
                        name,
                        path,
                        attributes,
                        FileKind.valueOf(entry.type().name()),
                        entry.device());
            }
        }
        made.add(path);
    }

    private Place place(List<String> parts, FileStat.FileTime mtime) throws IOException {
        Places.Maker maker = (parent, name, path) -> nodes.directory(parent, name, path, Attributes.taken(mtime));
        return places.find(parts.subList(0, parts.size() - 1), Optional.of(maker))
                .orElseThrow();
    }

    private void directory(Dir parent, String name, String path, Attributes attributes) throws IOException {
        Optional<FileStat> there = parent.stat(name);
        if (there.isPresent() && there.get().isDirectory()) {
            try (Dir directory = parent.openDir(name)) {
                nodes.existing(directory, path, attributes);
            }
            return;
        }
        clear(parent, name, path);
        nodes.directory(parent, name, path, attributes);
    }

    private void hardLink(List<String> parts, TarEntry entry) throws IOException {
        List<String> target = EntryName.parts(entry.link());
        if (target.isEmpty()) {
            throw new ImageException("it is a hard link to the root, which is a directory");
        }
        String targetName = target.get(target.size() - 1);
        try (Places others = new Places(root)) {
            Optional<Place> found = others.find(target.subList(0, target.size() - 1), Optional.empty());
            Optional<FileStat> stat =
                    found.isEmpty() ? Optional.empty() : found.get().directory().stat(targetName);
            if (stat.isEmpty()) {
                throw new ImageException("it is a hard link to " + ImageException.quote(entry.link())
                        + ", which is not in the image (yet); the archive is damaged or its entries are out of order");
            }
            if (stat.get().isDirectory()) {
                throw new ImageException(
                        "it is a hard link to " + ImageException.quote(entry.link()) + ", which is a directory");
            }
            Place place = place(parts, entry.mtime());
            String name = parts.get(parts.size() - 1);
            Optional<FileStat> there = place.directory().stat(name);
            if (there.isPresent() && there.get().isSameFile(stat.get())) {
                return;
            }
            clear(place.directory(), name, place.key(name));
            if (found.get().directory().stat(targetName).isEmpty()) {
                throw new ImageException(
                        "it is a hard link to " + ImageException.quote(entry.link()) + ", which it replaces");
            }
            place.directory().link(name, found.get().directory(), targetName);
        }
    }

    private void write(OpenFile file, TarEntry entry, TarReader reader) throws IOException {
        for (Segment segment : entry.segments()) {
            file.seek(segment.offset());
            long left = segment.length();
            while (left > 0) {
                int n = reader.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (n < 0) {
                    throw new ImageException("its data ends too early");
                }
                file.write(buffer, 0, n);
                left -= n;
                progress.insistWanted();
            }
        }
        if (entry.size() != entry.stored()) {
            file.setSize(entry.size());
        }
    }

    /** Makes way for an entry. */
    private void clear(Dir parent, String name, String path) throws IOException {
        Optional<FileStat> there = parent.stat(name);
        if (there.isEmpty()) {
            return;
        }
        parent.removeTree(name);
        places.forget();
        nodes.removedTree(path);
        made.remove(path);
        made.subSet(path + "/", path + "0").clear();
    }

    /** Hides what the layers below have under this name. */
    void hide(List<String> parts) throws IOException {
        Optional<Place> place = places.find(parts.subList(0, parts.size() - 1), Optional.empty());
        if (place.isPresent()) {
            String name = parts.get(parts.size() - 1);
            hide(place.get().directory(), name, place.get().key(name));
            places.forget();
        }
    }

    /** Hides all that the layers below have in this directory. */
    void hideAll(List<String> parts) throws IOException {
        Optional<Place> place = places.find(parts, Optional.empty());
        if (place.isPresent()) {
            for (Dir.Entry entry : place.get().directory().list()) {
                hide(place.get().directory(), entry.name(), place.get().key(entry.name()));
            }
            places.forget();
        }
    }

    /** Returns whether nothing is left of it. */
    private boolean hide(Dir parent, String name, String path) throws IOException {
        Optional<FileStat> there = parent.stat(name);
        if (there.isEmpty()) {
            return true;
        }
        if (!there.get().isDirectory()) {
            if (made.contains(path)) {
                return false;
            }
            parent.unlink(name);
            return true;
        }
        boolean empty = true;
        try (Dir directory = parent.openDir(name)) {
            for (Dir.Entry entry : directory.list()) {
                empty &= hide(directory, entry.name(), path + "/" + entry.name());
            }
        }
        if (!empty || made.contains(path)) {
            return false;
        }
        parent.removeDir(name);
        nodes.removedTree(path);
        return true;
    }

    /** Completes the tree: all layers have been applied. */
    void finish() throws IOException {
        nodes.finish();
        notes.tell(progress);
    }

    @Override
    public void close() throws IOException {
        places.close();
        root.close();
    }
}
