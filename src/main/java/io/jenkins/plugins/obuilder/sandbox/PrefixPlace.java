package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileException;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.MacTools;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Homebrew's prefix, which a step's files take for a while. Homebrew refuses one that is a link, and on Intel it is {@code /usr/local},
 * which cannot be renamed; so what is in it changes, not the directory. What the host itself has there is set aside meanwhile. All is done
 * under the lock of the prefix.
 *
 * <p>What a crash leaves is told by two directories. {@code aside}: the prefix holds a step's files and nothing else, the host's are in
 * here. {@code aside.moving}: what is in either is the host's.
 */
final class PrefixPlace {
    private final Commands commands;
    private final Path prefix;
    private final Path aside;
    private final Path moving;

    PrefixPlace(Commands commands, MacSettings settings) {
        this.commands = commands;
        prefix = settings.prefix();
        aside = settings.runtime().resolve("prefix.aside");
        moving = settings.runtime().resolve("prefix.aside.moving");
    }

    /** Undoes what a crashed build has left. Returns whether there was something. */
    boolean repair() throws IOException {
        boolean found = Files.isDirectory(aside) || Files.isDirectory(moving);
        if (Files.isDirectory(aside)) {
            MovedTree.empty(prefix);
            rename(aside, moving);
        }
        if (Files.isDirectory(moving)) {
            putHostsBack();
        }
        return found;
    }

    /** Moves what is in a directory to the prefix, and gives that to its owner. Closing what is returned moves it back. */
    Closeable occupy(Path local) throws IOException {
        repair();
        setHostsAside();
        boolean occupied = false;
        try {
            moveContents(local, prefix);
            occupied = true;
            return () -> leave(local);
        } finally {
            if (!occupied) {
                leave(local);
            }
        }
    }

    private void leave(Path local) throws IOException {
        moveContents(prefix, local);
        rename(aside, moving);
        putHostsBack();
    }

    private void setHostsAside() throws IOException {
        if (!Files.isDirectory(prefix)) {
            Files.createDirectories(prefix);
        }
        PrivateFiles.makeDirectory(moving, "rwx------");
        // The directory itself keeps its owner and mode there.
        take(prefix, moving);
        moveEntries(prefix, moving);
        rename(moving, aside);
    }

    private void putHostsBack() throws IOException {
        moveEntries(moving, prefix);
        take(moving, prefix);
        MovedTree.removeTree(moving);
    }

    private void moveContents(Path from, Path to) throws IOException {
        moveEntries(from, to);
        take(from, to);
    }

    /** Gives a directory the owner and mode of another. */
    private static void take(Path from, Path to) throws IOException {
        try (Dir source = Dir.open(from);
                Dir target = Dir.open(to)) {
            FileStat stat = source.stat();
            target.chown(stat.uid(), stat.gid());
            target.chmod(stat.mode());
        }
    }

    private void moveEntries(Path from, Path to) throws IOException {
        try (Dir source = Dir.open(from);
                Dir target = Dir.open(to)) {
            for (Dir.Entry entry : source.list()) {
                try {
                    source.rename(entry.name(), target, entry.name());
                } catch (FileException e) {
                    if (!e.isOtherFileSystem()) {
                        throw e;
                    }
                    copy(from, to);
                    return;
                }
            }
        }
    }

    private void copy(Path from, Path to) throws IOException {
        if (from.equals(moving) || to.equals(moving)) {
            throw new HostException("cannot set aside what this Mac itself has in " + prefix + ": " + moving.getParent()
                    + " is on another file system; move it away yourself");
        }
        commands.run(MacTools.copyTree(from, to));
        MovedTree.empty(from);
    }

    private static void rename(Path from, Path to) throws IOException {
        try (Dir parent = Dir.open(from.getParent())) {
            parent.rename(
                    Bytes.ofText(from.getFileName().toString()),
                    parent,
                    Bytes.ofText(to.getFileName().toString()));
        }
    }
}
