package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** Gives trees to another owner. No link is followed, and nobody may be at work in the tree. */
final class TreeOwner {
    private TreeOwner() {}

    /** Gives all files of the tree, its root too, to this user and group. */
    static void give(Path tree, int id) throws HostException {
        Deque<Level> levels = new ArrayDeque<>();
        try {
            levels.push(new Level(Dir.open(tree)));
            take(levels.peek().dir(), id);
            while (!levels.isEmpty()) {
                Level level = levels.peek();
                if (level.rest().hasNext()) {
                    give(level.dir(), level.rest().next(), id, levels);
                } else {
                    levels.pop().dir().close();
                }
            }
        } finally {
            for (Level level : levels) {
                level.dir().close();
            }
        }
    }

    /** Gives one file. */
    static void giveFile(Path file, int id) throws HostException {
        try (Dir parent = Dir.open(file.getParent())) {
            parent.chown(Bytes.ofText(file.getFileName().toString()), id, id);
        }
    }

    /** The same, but trusts a tree whose root belongs to this user already to be all theirs. */
    static void giveUnlessOwned(Path tree, int id) throws HostException {
        try (Dir root = Dir.open(tree)) {
            if (root.stat().uid() == id) {
                return;
            }
        }
        give(tree, id);
    }

    private static void give(Dir dir, String name, int id, Deque<Level> levels) throws HostException {
        FileStat stat = dir.stat(name).orElseThrow(() -> new HostException(name + " vanished from " + dir));
        if (stat.isDirectory()) {
            Dir inner = dir.openDir(name);
            levels.push(new Level(inner));
            take(inner, id);
        } else if (stat.uid() != id || stat.gid() != id) {
            dir.chown(name, id, id);
        }
    }

    private static void take(Dir dir, int id) throws HostException {
        FileStat stat = dir.stat();
        if (stat.uid() != id || stat.gid() != id) {
            dir.chown(id, id);
        }
    }

    private record Level(Dir dir, Iterator<String> rest) {
        Level(Dir dir) throws HostException {
            this(dir, dir.list().stream().map(Dir.Entry::name).iterator());
        }
    }
}
