package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileException;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.MacTools;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A cache's directory inside a home for the length of a step: renamed, or copied where it lies on another file system. Every directory on
 * the way is opened without following a link, since the step could have made one.
 */
final class MovedCache {
    private final Commands commands;
    private final Path cache;
    private final Path home;
    private final String parent;
    private final String name;

    /** @param relative below the home, a byte string; an empty directory is there */
    MovedCache(Commands commands, Path cache, Path home, String relative) {
        this.commands = commands;
        this.cache = cache;
        this.home = home;
        parent = relative.substring(0, Math.max(0, relative.lastIndexOf('/')));
        name = relative.substring(relative.lastIndexOf('/') + 1);
    }

    Closeable open() throws IOException {
        try (Dir outer = Dir.open(cache.getParent());
                Dir inner = HomePaths.openOrMake(home, parent, -1)) {
            try {
                outer.rename(cacheName(), inner, name);
                return () -> close(false);
            } catch (FileException e) {
                if (!e.isOtherFileSystem() && !e.isBusy()) {
                    throw e;
                }
            }
        }
        commands.run(MacTools.copyTree(cache, path()));
        return () -> close(true);
    }

    /** What is no directory any more was the step's own wish: the cache is empty then. */
    private void close(boolean copied) throws IOException {
        try (Dir outer = Dir.open(cache.getParent());
                Dir inner = HomePaths.openOrMake(home, parent, -1)) {
            FileStat owner = inner.stat();
            Optional<FileStat> there = inner.stat(name);
            boolean directory = there.isPresent() && there.get().isDirectory();
            if (copied) {
                MovedTree.empty(cache);
                if (directory) {
                    commands.run(MacTools.copyTree(path(), cache));
                }
                inner.removeTree(name);
            } else if (directory) {
                inner.rename(name, outer, cacheName());
            } else {
                inner.removeTree(name);
                outer.makeDir(cacheName(), 0755).close();
            }
            try (Dir place = inner.makeDir(name, 0755)) {
                place.chown(owner.uid(), owner.gid());
            }
        }
    }

    private Path path() {
        return (parent.isEmpty() ? home : home.resolve(Bytes.toText(parent))).resolve(Bytes.toText(name));
    }

    private String cacheName() {
        return Bytes.ofText(cache.getFileName().toString());
    }
}
