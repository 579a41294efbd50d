package io.jenkins.plugins.obuilder.host;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A lock that one holder on this host has at a time, in whatever process; the system releases it however the holder ends. The lock
 * file stays: a file that is removed and made again can be locked twice.
 */
public final class HostLock implements Closeable {
    /** POSIX releases a process' lock when the process closes any descriptor of the file, so one of ours is not even opened twice. */
    private static final Set<Path> OURS = new HashSet<>();

    private final Path file;
    private final FileChannel channel;

    private HostLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the lock; empty when somebody has it. The file's directory must be there and writable for trusted users alone. */
    public static Optional<HostLock> tryLock(Path file) throws HostException {
        synchronized (OURS) {
            try {
                Path real = file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
                if (OURS.contains(real)) {
                    return Optional.empty();
                }
                FileChannel channel = FileChannel.open(real, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
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
                OURS.add(real);
                return Optional.of(new HostLock(real, channel));
            } catch (IOException e) {
                throw new HostException("cannot lock " + file + ": " + e.getMessage(), e);
            }
        }
    }

    @Override
    public void close() throws HostException {
        synchronized (OURS) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new HostException("cannot unlock " + file + ": " + e.getMessage(), e);
            } finally {
                OURS.remove(file);
            }
        }
    }
}
