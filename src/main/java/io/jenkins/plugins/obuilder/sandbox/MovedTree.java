package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileException;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.MacTools;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A directory that is at another place for a while: renamed, or copied to and fro where it lies on another file system. Nobody but root
 * may write to the two parents, and nobody may be at work in the tree while it is moved.
 */
final class MovedTree implements Closeable {
    private final Commands commands;
    private final Path from;
    private final Path to;
    private final boolean copied;

    private MovedTree(Commands commands, Path from, Path to, boolean copied) {
        this.commands = commands;
        this.from = from;
        this.to = to;
        this.copied = copied;
    }

    /** @param to where nothing is, or an empty directory */
    static MovedTree move(Commands commands, Path from, Path to) throws IOException {
        if (rename(from, to)) {
            return new MovedTree(commands, from, to, false);
        }
        copy(commands, from, to);
        return new MovedTree(commands, from, to, true);
    }

    @Override
    public void close() throws IOException {
        if (copied) {
            empty(from);
            copy(commands, to, from);
            removeTree(to);
        } else {
            rename(to, from);
        }
    }

    /** False when the two lie on different file systems, or what is to be moved is mounted there. */
    private static boolean rename(Path from, Path to) throws IOException {
        try (Dir source = Dir.open(from.getParent());
                Dir target = Dir.open(to.getParent())) {
            try {
                source.rename(name(from), target, name(to));
                return true;
            } catch (FileException e) {
                if (e.isOtherFileSystem() || e.isBusy()) {
                    return false;
                }
                throw e;
            }
        }
    }

    private static void copy(Commands commands, Path from, Path to) throws IOException {
        try (Dir target = Dir.open(to.getParent())) {
            if (target.stat(name(to)).isEmpty()) {
                target.makeDir(name(to), 0700).close();
            }
        }
        commands.run(MacTools.copyTree(from, to));
        // The copy of a directory's own owner and mode hangs on the tool.
        try (Dir original = Dir.open(from);
                Dir copy = Dir.open(to)) {
            copy.chown(original.stat().uid(), original.stat().gid());
            copy.chmod(original.stat().mode());
        }
    }

    /** Removes all that is in a directory. */
    static void empty(Path directory) throws HostException {
        try (Dir dir = Dir.open(directory)) {
            for (Dir.Entry entry : dir.list()) {
                dir.removeTree(entry.name());
            }
        }
    }

    static void removeTree(Path tree) throws HostException {
        try (Dir parent = Dir.open(tree.getParent())) {
            parent.removeTree(name(tree));
        }
    }

    private static String name(Path path) {
        return Bytes.ofText(path.getFileName().toString());
    }
}
