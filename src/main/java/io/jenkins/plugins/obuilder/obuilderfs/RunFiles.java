package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.HostLock;
import io.jenkins.plugins.obuilder.host.Pause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** The files by which the process that serves a mount point is found. They live as long as the system runs, in root's own directory. */
final class RunFiles {
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 50;

    private final Path directory;
    private final String name;

    /** Does nothing yet. */
    RunFiles(Path directory, Path mountpoint) {
        this.directory = directory;
        name = hash(mountpoint.toString());
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    void makeDirectory() throws IOException {
        Files.createDirectories(directory.getParent());
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    /** Through it the process is told things, and by it it is known to live. Its name is short: the system has a limit of some 100 bytes. */
    Path socket() {
        return directory.resolve(name + ".sock");
    }

    Path log() {
        return directory.resolve(name + ".log");
    }

    /** Another file of the mount point's, by what it is for. */
    Path file(String what) {
        return directory.resolve(name + "." + what);
    }

    private Path pid() {
        return file("pid");
    }

    /** What is for one process at a time. */
    interface Work {
        void run() throws IOException;
    }

    /** Starts, mends or unmounts while nobody else does. */
    void alone(Work work) throws IOException {
        HostLock lock = lock();
        try {
            work.run();
        } finally {
            lock.close();
        }
    }

    private HostLock lock() throws IOException {
        makeDirectory();
        Instant deadline = Instant.now().plus(LOCK_LIMIT);
        while (true) {
            Optional<HostLock> lock = HostLock.tryLock(directory.resolve(name + ".lock"));
            if (lock.isPresent()) {
                return lock.get();
            }
            if (Instant.now().isAfter(deadline)) {
                throw new HostException("another process has been mounting or unmounting for " + LOCK_LIMIT.toSeconds()
                        + " s: see who holds " + directory.resolve(name + ".lock"));
            }
            Pause.millis(POLL_MILLIS, "waiting for another process that mounts");
        }
    }

    /** Writes down this process as the one that serves. */
    void writePid() throws IOException {
        Files.writeString(pid(), identity(ProcessHandle.current()));
    }

    void remove() throws IOException {
        Files.deleteIfExists(socket());
        Files.deleteIfExists(pid());
    }

    /** The process that was written down, if it still is there. */
    Optional<ProcessHandle> process() throws IOException {
        String text;
        try {
            text = Files.readString(pid());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        String number = text.replaceFirst(" .*", "");
        return number.matches("[0-9]{1,18}")
                ? ProcessHandle.of(Long.parseLong(number))
                        .filter(process -> identity(process).equals(text))
                : Optional.empty();
    }

    /** Numbers are used again; no two processes have the same number and start. */
    private static String identity(ProcessHandle process) {
        return process.pid() + " "
                + process.info().startInstant().map(Instant::toString).orElse("?");
    }
}
