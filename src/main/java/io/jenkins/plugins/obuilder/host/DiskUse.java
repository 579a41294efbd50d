package io.jenkins.plugins.obuilder.host;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * How much of the disk the files of a tree take, as du(1) counts: the blocks that each has, once for all its names. No link is followed,
 * and others may be at work in the tree: what goes away meanwhile does not count. Blocks that files share with others by reflinks count for
 * each of them.
 */
public final class DiskUse {
    /** Each holds a descriptor, and no path that a program can use is longer. */
    private static final int DEEPEST = 2048;

    private static final long BLOCK = 512;
    private static final long ROUNDED_TO = 4096;

    /** xfs gives a file that grows more than it has, and takes that back when it is closed. */
    private final boolean allocatesAhead;

    /** On btrfs a directory can be what looks like another file system. */
    private final boolean hasSubvolumes;

    private final BooleanSupplier stopped;
    private final Set<FileId> seen = new HashSet<>();
    private long fileSystem;
    private long bytes;

    private DiskUse(String kind, BooleanSupplier stopped) {
        allocatesAhead = kind.equals("xfs");
        hasSubvolumes = kind.equals("btrfs");
        this.stopped = stopped;
    }

    /**
     * Of a tree, without what is mounted in it. 0 when there is none.
     *
     * @param stopped asked again and again; what is counted is of no use once it says so
     */
    public static long ofTree(Path tree, BooleanSupplier stopped) throws IOException {
        if (!Files.isDirectory(tree)) {
            return 0;
        }
        DiskUse use = new DiskUse(Files.getFileStore(tree).type(), stopped);
        use.count(tree);
        return use.bytes;
    }

    /** Of a whole file system, as it says itself. */
    public static long ofFileSystem(Path place) throws IOException {
        FileStore all = Files.getFileStore(place);
        return all.getTotalSpace() - all.getUnallocatedSpace();
    }

    private void count(Path tree) throws HostException {
        Deque<Level> levels = new ArrayDeque<>();
        try {
            levels.push(new Level(Dir.open(tree)));
            fileSystem = levels.peek().dir().stat().fileSystem();
            while (!levels.isEmpty() && !stopped.getAsBoolean()) {
                Level level = levels.peek();
                if (level.rest().hasNext()) {
                    Optional<Dir> inner = count(level.dir(), level.rest().next());
                    if (inner.isPresent()) {
                        enter(inner.get(), levels);
                    }
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

    private static void enter(Dir inner, Deque<Level> levels) throws HostException {
        boolean entered = false;
        try {
            if (levels.size() >= DEEPEST) {
                throw new HostException("there are more than " + DEEPEST + " directories in one another");
            }
            levels.push(new Level(inner));
            entered = true;
        } catch (FileException e) {
            if (!e.isMissing()) {
                throw e;
            }
        } finally {
            if (!entered) {
                inner.close();
            }
        }
    }

    /** Returns a directory that is to be looked into. */
    private Optional<Dir> count(Dir dir, String name) throws HostException {
        Optional<FileStat> found = dir.stat(name);
        if (found.isEmpty() || !hasSubvolumes && !found.get().isWithin(fileSystem)) {
            return Optional.empty();
        }
        FileStat stat = found.get();
        if (stat.isDirectory()) {
            bytes += stat.blocks512() * BLOCK;
            return open(dir, name);
        }
        if (stat.links() == 1 || seen.add(new FileId(stat.fileSystem(), stat.inode()))) {
            long taken = stat.blocks512() * BLOCK;
            long whole = (stat.size() + ROUNDED_TO - 1) / ROUNDED_TO * ROUNDED_TO;
            bytes += allocatesAhead ? Math.min(taken, whole) : taken;
        }
        return Optional.empty();
    }

    /** Empty when somebody has just removed it, or put something else in its place. */
    private static Optional<Dir> open(Dir dir, String name) throws HostException {
        try {
            return Optional.of(dir.openDir(name));
        } catch (FileException e) {
            if (dir.stat(name).filter(FileStat::isDirectory).isEmpty()) {
                return Optional.empty();
            }
            throw new HostException(
                    "cannot count what is in " + dir + "/" + Bytes.toText(name) + ": " + e.getMessage(), e);
        }
    }

    private record FileId(long fileSystem, long inode) {}

    private record Level(Dir dir, Iterator<String> rest) {
        Level(Dir dir) throws HostException {
            this(dir, dir.list().stream().map(Dir.Entry::name).iterator());
        }
    }
}
