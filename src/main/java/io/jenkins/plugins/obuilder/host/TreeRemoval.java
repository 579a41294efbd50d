package io.jenkins.plugins.obuilder.host;

import java.util.Optional;

/**
 * Removes trees of any depth without holding more than a few directories open: what lies deeper than that is first moved up, beside the
 * tree's own top, and removed from there. Files that are protected against that ("immutable", "append only": chattr(1), chflags(1)) are removed like all
 * others.
 */
final class TreeRemoval {
    private static final int MAX_OPEN = 64;

    private final Dir top;
    private final long fileSystem;
    private int moved;

    private TreeRemoval(Dir top, long fileSystem) {
        this.top = top;
        this.fileSystem = fileSystem;
    }

    static void remove(Dir parent, String name) throws HostException {
        Optional<FileStat> stat = parent.stat(name);
        if (stat.isEmpty()) {
            return;
        }
        if (!stat.get().isDirectory()) {
            unlink(parent, name);
            return;
        }
        try (Dir top = parent.openDir(name)) {
            TreeRemoval removal = new TreeRemoval(top, top.stat().fileSystem());
            do {
                removal.moved = 0;
                removal.empty(top, 1);
            } while (removal.moved > 0);
        }
        removeDir(parent, name);
    }

    private void empty(Dir directory, int depth) throws HostException {
        if (directory.stat().fileSystem() != fileSystem) {
            throw new HostException(
                    "cannot remove " + directory + ": another file system is mounted there; unmount it first");
        }
        for (Dir.Entry entry : directory.list()) {
            FileKind kind = entry.kind();
            if (kind == null) {
                Optional<FileStat> stat = directory.stat(entry.name());
                if (stat.isEmpty()) {
                    continue;
                }
                kind = stat.get().kind();
            }
            if (kind != FileKind.DIRECTORY) {
                unlink(directory, entry.name());
            } else if (depth >= MAX_OPEN) {
                moveUp(directory, entry.name());
            } else {
                try (Dir child = directory.openDir(entry.name())) {
                    empty(child, depth + 1);
                }
                removeDir(directory, entry.name());
            }
        }
    }

    private static void unlink(Dir parent, String name) throws HostException {
        try {
            parent.unlink(name);
        } catch (FileException e) {
            if (!e.isForbidden()) {
                throw e;
            }
            unprotect(parent, name);
            parent.unlink(name);
        }
    }

    private static void removeDir(Dir parent, String name) throws HostException {
        try {
            parent.removeDir(name);
        } catch (FileException e) {
            if (!e.isForbidden()) {
                throw e;
            }
            unprotect(parent, name);
            parent.removeDir(name);
        }
    }

    private static void unprotect(Dir parent, String name) throws HostException {
        parent.unprotect();
        parent.unprotect(name);
    }

    private void moveUp(Dir directory, String name) throws HostException {
        String place;
        do {
            place = ".deep-" + moved++;
        } while (top.stat(place).isPresent());
        try {
            directory.rename(name, top, place);
        } catch (FileException e) {
            if (!e.isForbidden()) {
                throw e;
            }
            top.unprotect();
            unprotect(directory, name);
            directory.rename(name, top, place);
        }
    }
}
