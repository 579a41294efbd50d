package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/**
 * Goes through a tree in the order of names, following no link and entering no other file system. Each directory comes before what is in
 * it.
 */
final class TreeWalk {
    private static final int MAX_DEPTH = 512;

    private final Visitor visitor;
    private final long fileSystem;

    /** Is shown every file. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param parent the directory it lies in, open; the root itself for the root
         * @param name {@code "."} for the root
         * @param path from the root, empty for it
         * @param elsewhere whether another file system is mounted there, into which the walk does not go
         */
        void visit(Dir parent, String name, String path, FileStat stat, boolean elsewhere) throws IOException;
    }

    private TreeWalk(Visitor visitor, long fileSystem) {
        this.visitor = visitor;
        this.fileSystem = fileSystem;
    }

    static void walk(Dir root, Visitor visitor) throws IOException {
        FileStat stat = root.stat();
        visitor.visit(root, ".", "", stat, false);
        new TreeWalk(visitor, stat.fileSystem()).children(root, "", 1);
    }

    private void children(Dir directory, String path, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new ImageException(directory + " lies more than " + MAX_DEPTH + " directories deep");
        }
        List<Dir.Entry> entries = directory.list();
        entries.sort(Comparator.comparing(Dir.Entry::name));
        for (Dir.Entry entry : entries) {
            String name = entry.name();
            String key = path.isEmpty() ? name : path + "/" + name;
            FileStat stat = directory.stat(name).orElseThrow(() -> changed(directory, name));
            boolean elsewhere = !stat.isWithin(fileSystem);
            visitor.visit(directory, name, key, stat, elsewhere);
            if (stat.isDirectory() && !elsewhere) {
                try (Dir child = directory.openDir(name)) {
                    children(child, key, depth + 1);
                }
            }
        }
    }

    static ImageException changed(Dir directory, String name) {
        return new ImageException(ImageException.quote(name) + " in " + directory
                + " changed while it was read; try again when nothing writes there");
    }
}
