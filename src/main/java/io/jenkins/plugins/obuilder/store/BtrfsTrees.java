package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Btrfs;
import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileException;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.Pause;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Trees that are subvolumes of btrfs: through ioctl(2) or, where that is refused, the {@code btrfs} command. */
final class BtrfsTrees extends PlainTrees {
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(5);
    private static final Duration RECLAIM_LIMIT = Duration.ofMinutes(10);
    private static final long RECLAIM_PAUSE_MS = 20;

    /** Numbers of what was deleted and may not be free yet. */
    private final Set<Long> deleted = new HashSet<>();

    private volatile boolean byCommand;

    BtrfsTrees(Commands commands) {
        this(commands, false);
    }

    /** @param byCommand whether to use the command though the system might answer ioctl(2) */
    BtrfsTrees(Commands commands, boolean byCommand) {
        super(commands);
        this.byCommand = byCommand;
    }

    @FunctionalInterface
    private interface Request {
        void run() throws IOException;
    }

    private void ioctlOr(Request request, Request command) throws IOException {
        if (!byCommand) {
            try {
                request.run();
                return;
            } catch (FileException e) {
                if (!e.isUnsupported()) {
                    throw e;
                }
                byCommand = true;
            }
        }
        command.run();
    }

    private void btrfs(String what, String... arguments) throws IOException {
        commands.run(HostCommand.of(what, "btrfs", "subvolume").args(arguments).within(COMMAND_LIMIT));
    }

    @Override
    public void make(Path tree) throws IOException {
        ioctlOr(
                () -> {
                    try (Dir parent = Dir.open(tree.getParent())) {
                        Btrfs.create(parent, name(tree));
                    }
                },
                () -> btrfs("make a subvolume", "create", "--", tree.toString()));
    }

    @Override
    public void copy(Path tree, Path copy, String what) throws IOException {
        ioctlOr(
                () -> {
                    try (Dir source = Dir.open(tree);
                            Dir parent = Dir.open(copy.getParent())) {
                        Btrfs.snapshot(source, parent, name(copy));
                    }
                },
                () -> btrfs("copy " + what, "snapshot", "--", tree.toString(), copy.toString()));
    }

    /** Against whoever writes there by mistake. */
    void makeReadOnly(Path tree) throws IOException {
        ioctlOr(
                () -> {
                    try (Dir subvolume = Dir.open(tree)) {
                        Btrfs.setReadOnly(subvolume, true);
                    }
                },
                () -> commands.run(HostCommand.of("make a subvolume read-only", "btrfs", "property", "set", "-ts")
                        .arg(tree)
                        .args("ro", "true")
                        .within(COMMAND_LIMIT)));
    }

    /** A finished one is read-only, and cannot be renamed; but deleting it takes no longer than that. */
    @Override
    public Closeable takeAway(Path place, Path temporary) throws IOException {
        insistNothingIsMountedIn(place);
        remove(place);
        return () -> {};
    }

    @Override
    public void remove(Path tree) throws IOException {
        try (Dir parent = Dir.open(tree.getParent())) {
            Optional<FileStat> stat = parent.stat(name(tree));
            if (stat.isEmpty()) {
                return;
            }
            if (!stat.get().isDirectory() || !isSubvolume(parent, name(tree))) {
                parent.removeTree(name(tree));
                return;
            }
            ioctlOr(() -> note(tree, Btrfs.delete(parent, name(tree))), () -> {
                btrfs("delete a subvolume", "delete", "--", tree.toString());
                somewhere = tree.getParent();
            });
        }
    }

    private static boolean isSubvolume(Dir parent, String name) throws IOException {
        try (Dir directory = parent.openDir(name)) {
            return Btrfs.isSubvolume(directory);
        }
    }

    private void note(Path tree, List<Long> ids) {
        somewhere = tree.getParent();
        synchronized (deleted) {
            deleted.addAll(ids);
        }
    }

    @Override
    public boolean reclaim(Cancellation cancellation) throws IOException {
        Path place = somewhere;
        if (place == null) {
            return true;
        }
        long deadline = System.nanoTime() + RECLAIM_LIMIT.toNanos();
        if (byCommand) {
            try (Dir directory = Dir.open(place)) {
                directory.syncFileSystem(); // or it would wait until the system does that by itself
            }
            btrfs("free the space of deleted subvolumes", "sync", "--", place.toString());
            return true;
        }
        try (Dir directory = Dir.open(place)) {
            while (true) {
                Btrfs.sync(directory);
                Set<Long> waiting = Btrfs.beingFreed(directory);
                synchronized (deleted) {
                    deleted.retainAll(waiting);
                    if (deleted.isEmpty()) {
                        break;
                    }
                }
                if (System.nanoTime() > deadline || cancellation.isCancelled()) {
                    return false;
                }
                Pause.millis(RECLAIM_PAUSE_MS, "the space of what was deleted is freed");
            }
            // What the last ones had is free when that is written, too.
            Btrfs.sync(directory);
            return true;
        }
    }

    /** Makes plain directories of all subvolumes inside a tree. */
    void dissolveNested(Path tree) throws IOException {
        if (byCommand) {
            return;
        }
        try (Dir top = Dir.open(tree)) {
            List<Btrfs.Nested> nested = Btrfs.nested(top);
            for (int i = nested.size() - 1; i >= 0; i--) {
                dissolve(top, nested.get(i), tree);
            }
        }
    }

    private void dissolve(Dir top, Btrfs.Nested nested, Path tree) throws IOException {
        try (Dir around = Btrfs.openTop(top, nested.parent())) {
            if (Btrfs.isReadOnly(around)) {
                Btrfs.setReadOnly(around, false);
            }
        }
        try (Dir parent = Btrfs.openDirectoryOf(top, nested);
                Dir subvolume = parent.openDir(nested.name())) {
            FileStat.FileTime time = parent.stat().mtime();
            String temporary = unused(parent);
            try (Dir copy = parent.makeDir(temporary, 0700)) {
                ReflinkCopy.copy(subvolume, copy);
            }
            note(tree, Btrfs.delete(parent, nested.name()));
            parent.rename(temporary, parent, nested.name());
            parent.setTime(time);
        }
    }

    private static String unused(Dir directory) throws IOException {
        int n = 0;
        while (directory.stat(".subvolume-" + n).isPresent()) {
            n++;
        }
        return ".subvolume-" + n;
    }
}
