package io.jenkins.plugins.obuilder.host;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A directory for what one process has going, readable by its user alone. Others can tell whether that process still lives: it holds a
 * lock on the file {@code NAME.lock} beside the directory, and the system releases it however the process ends.
 */
public final class ProcessDirectory implements Closeable {
    private static final String LOCK = ".lock";

    /** Those of this process. Opening and closing one of their lock files again would release the lock, as POSIX has it. */
    private static final Set<Path> OURS = new HashSet<>();

    private final Path path;
    private final Path lockFile;
    private final FileChannel lock;

    private ProcessDirectory(Path path, Path lockFile, FileChannel lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** Makes a new one, with a name that nobody else has. */
    public static ProcessDirectory create(Path parent) throws IOException {
        Files.createDirectories(parent);
        Path real = parent.toRealPath();
        synchronized (OURS) {
            while (true) {
                String name = UUID.randomUUID().toString().replace("-", "").substring(0, 16);
                Optional<ProcessDirectory> made = tryCreate(real.resolve(name), real.resolve(name + LOCK));
                if (made.isPresent()) {
                    return made.get();
                }
            }
        }
    }

    /** The lock file gets its name when it is locked; empty when another process took it for a left-over before. */
    private static Optional<ProcessDirectory> tryCreate(Path path, Path lockFile) throws IOException {
        Path unlocked = lockFile.resolveSibling(path.getFileName() + "-new" + LOCK);
        FileChannel channel = FileChannel.open(
                unlocked,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        boolean locked = false;
        boolean done = false;
        try {
            locked = channel.tryLock() != null;
            if (!locked) {
                return Optional.empty();
            }
            Files.move(unlocked, lockFile, StandardCopyOption.ATOMIC_MOVE);
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            OURS.add(lockFile);
            done = true;
            return Optional.of(new ProcessDirectory(path, lockFile, channel));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } finally {
            if (!done) {
                abandon(channel, locked ? List.of(unlocked, lockFile) : List.of());
            }
        }
    }

    /** A full disk has room for a lock file's name, but not for a directory. */
    private static void abandon(FileChannel lock, List<Path> files) throws IOException {
        try (lock) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Those below {@code parent} whose process has ended. The caller has each of them to itself until it closes it. */
    public static List<ProcessDirectory> abandoned(Path parent) throws IOException {
        List<ProcessDirectory> found = new ArrayList<>();
        if (!Files.isDirectory(parent)) {
            return found;
        }
        synchronized (OURS) {
            try (DirectoryStream<Path> locks = Files.newDirectoryStream(parent.toRealPath(), "*" + LOCK)) {
                for (Path lockFile : locks) {
                    if (!OURS.contains(lockFile)) {
                        take(lockFile).ifPresent(found::add);
                    }
                }
            }
        }
        return found;
    }

    private static Optional<ProcessDirectory> take(Path lockFile) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            return Optional.empty();
        }
        OURS.add(lockFile);
        String name = lockFile.getFileName().toString();
        Path path = lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length()));
        return Optional.of(new ProcessDirectory(path, lockFile, channel));
    }

    public Path path() {
        return path;
    }

    /** Deletes the directory with all in it, then its lock. What is mounted below must be unmounted before. */
    @Override
    public void close() throws IOException {
        synchronized (OURS) {
            try {
                deleteTree(path);
                Files.deleteIfExists(lockFile);
            } finally {
                OURS.remove(lockFile);
                lock.close();
            }
        }
    }

    /**
     * Deletes a tree that no build can write to; links in it are deleted, not followed.
     *
     * @throws HostException when something is mounted in it: nothing is deleted then
     */
    public static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Mounts.within(tree).isEmpty()) {
            throw new HostException("cannot delete " + tree + ": something is mounted there");
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
