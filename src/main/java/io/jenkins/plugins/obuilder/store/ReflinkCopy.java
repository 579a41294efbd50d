package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileKind;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.OpenFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies a tree so that its files share their blocks with the original's (FICLONE), several files at a time. Everything is kept: owners,
 * permissions, times, attributes, hard links, devices.
 */
final class ReflinkCopy {
    /** Two descriptors are open for each. */
    private static final int MAX_DEPTH = 1000;

    private static final int BATCH = 32;

    private final Dir top;
    private final ReflinkWorkers workers;

    /** Where the first name of each file with several names is. */
    private final Map<Long, Place> first = new HashMap<>();

    private ReflinkCopy(Dir top, ReflinkWorkers workers) {
        this.top = top;
        this.workers = workers;
    }

    /** A file of the tree: its name and that of the directories above it. */
    private record Place(Folder folder, String name) {}

    /** A name for a file that has one already. */
    private record Link(String name, Place first) {}

    /** A directory, to be looked at once more when all files are there. */
    private static final class Folder {
        private final Folder parent;
        private final String name;
        private final List<Folder> folders = new ArrayList<>();
        private final List<Link> links = new ArrayList<>();

        Folder(Folder parent, String name) {
            this.parent = parent;
            this.name = name;
        }
    }

    /**
     * Copies what is in one directory, and its attributes, to another, an empty one.
     *
     * @throws StoreException where the file system has no reflinks
     */
    static void copy(Dir from, Dir to) throws IOException {
        Folder root = new Folder(null, "");
        try (ReflinkWorkers workers = new ReflinkWorkers()) {
            // Before anything is made in it that would inherit its default ACL.
            TreeAttributes.copy(from, to, name -> true);
            ReflinkCopy copy = new ReflinkCopy(to, workers);
            copy.contents(from, to, root, 0);
            workers.finish();
            copy.finish(from, to, root);
        }
    }

    private void contents(Dir from, Dir to, Folder folder, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new StoreException("cannot copy " + from + ": it lies more than " + MAX_DEPTH
                    + " directories deep; remove it in the step that makes it, or use a store of another kind");
        }
        List<ReflinkWorkers.File> batch = new ArrayList<>();
        for (Dir.Entry entry : from.list()) {
            String name = entry.name();
            FileStat stat = from.stat(name).orElseThrow(() -> new StoreException(from + " changes while it is copied"));
            if (stat.isDirectory()) {
                Folder child = new Folder(folder, name);
                folder.folders.add(child);
                try (Dir source = from.openDir(name);
                        Dir copy = to.makeDir(name, 0700)) {
                    contents(source, copy, child, depth + 1);
                }
            } else if (!isAnotherName(folder, name, stat)) {
                if (stat.kind() == FileKind.FILE) {
                    batch.add(new ReflinkWorkers.File(name, stat));
                } else {
                    special(from, to, name, stat);
                }
            }
            if (batch.size() == BATCH) {
                workers.submit(from, to, batch);
                batch = new ArrayList<>();
            }
        }
        if (!batch.isEmpty()) {
            workers.submit(from, to, batch);
        }
    }

    private boolean isAnotherName(Folder folder, String name, FileStat stat) {
        if (stat.links() == 1) {
            return false;
        }
        Place place = first.putIfAbsent(stat.inode(), new Place(folder, name));
        if (place != null) {
            folder.links.add(new Link(name, place));
        }
        return place != null;
    }

    private static void special(Dir from, Dir to, String name, FileStat stat) throws IOException {
        if (stat.isSymlink()) {
            to.symlink(name, from.readLink(name));
        } else {
            to.makeNode(name, stat.kind(), 0600, stat.deviceMajor(), stat.deviceMinor());
        }
        TreeAttributes.copy(from, to, name, stat);
    }

    /** Makes the hard links, then gives the directories their attributes, from the bottom up. */
    private void finish(Dir from, Dir to, Folder folder) throws IOException {
        for (Folder child : folder.folders) {
            try (Dir source = from.openDir(child.name);
                    Dir copy = to.openDir(child.name)) {
                finish(source, copy, child);
            }
        }
        for (Link link : folder.links) {
            link(to, link.name, link.first.folder(), link.first);
        }
        TreeAttributes.copy(from, to, name -> true);
    }

    private void link(Dir to, String name, Folder folder, Place original) throws IOException {
        try (Dir directory = open(folder)) {
            to.link(name, directory, original.name());
        }
    }

    private Dir open(Folder folder) throws IOException {
        if (folder.parent == null) {
            return top.reopen();
        }
        try (Dir parent = open(folder.parent)) {
            return parent.openDir(folder.name);
        }
    }

    /** Whether the file system of an empty directory has reflinks. */
    static boolean worksIn(Dir directory) throws IOException {
        try (OpenFile file = directory.createFile("original", 0600);
                OpenFile copy = directory.createFile("copy", 0600)) {
            file.write(new byte[4096], 0, 4096);
            return copy.cloneFrom(file);
        } finally {
            directory.removeTree("original");
            directory.removeTree("copy");
        }
    }
}
