package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.MacTools;
import io.jenkins.plugins.obuilder.host.MountPoint;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.host.Xfs;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** Trees that are plain directories, copied file by file. */
class PlainTrees implements Trees {
    protected static final Duration COPY_LIMIT = Duration.ofHours(2);

    /** The option {@code -a} would not fail when an attribute, such as a file capability, cannot be copied. */
    private static final String[] COPY_ALL = {
        "-dR", "--preserve=mode,ownership,timestamps,links,xattr", "--reflink=auto", "--"
    };

    protected final Commands commands;

    /** A directory from which something was removed. */
    protected volatile Path somewhere;

    PlainTrees(Commands commands) {
        this.commands = commands;
    }

    @Override
    public void make(Path tree) throws IOException {
        try (Dir parent = Dir.open(tree.getParent())) {
            parent.makeDir(name(tree), 0755).close();
        }
    }

    @Override
    public void copy(Path tree, Path copy, String what) throws IOException {
        make(copy);
        if (OperatingSystem.isMac()) {
            commands.run(MacTools.copyTree(tree, copy));
            return;
        }
        commands.run(HostCommand.of("copy " + what, "cp")
                .args(COPY_ALL)
                .arg(tree.resolve("."))
                .arg(copy)
                .within(COPY_LIMIT));
    }

    @Override
    public void place(Path tree, Path place) throws IOException {
        move(tree, place);
    }

    @Override
    public Closeable takeAway(Path place, Path temporary) throws IOException {
        insistNothingIsMountedIn(place);
        move(place, temporary);
        return () -> remove(temporary);
    }

    /** What is mounted there, a directory of the same file system maybe, is somebody else's, and would be deleted with it. */
    protected static void insistNothingIsMountedIn(Path place) throws IOException {
        for (MountPoint mount : Mounts.within(place.toRealPath())) {
            throw new StoreException(Bytes.toText(mount.source()) + " is mounted at " + Bytes.toText(mount.path())
                    + ": unmount that, and try again");
        }
    }

    /** A tree that its owner has protected cannot even be moved by root (macOS: chflags uchg). */
    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            try (Dir parent = Dir.open(from.getParent())) {
                if (parent.stat(name(from)).isEmpty()) {
                    throw e;
                }
                parent.unprotect(name(from));
            }
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Override
    public void remove(Path temporary) throws IOException {
        try (Dir parent = Dir.open(temporary.getParent())) {
            parent.removeTree(name(temporary));
        }
        somewhere = temporary.getParent();
    }

    @Override
    public boolean reclaim(Cancellation cancellation) throws IOException {
        if (somewhere != null) {
            try (Dir directory = Dir.open(somewhere)) {
                Xfs.finishDeletions(directory);
            }
        }
        return true;
    }

    /** Of a file in its directory, a byte string. */
    protected static String name(Path file) {
        return Bytes.ofText(file.getFileName().toString());
    }
}
