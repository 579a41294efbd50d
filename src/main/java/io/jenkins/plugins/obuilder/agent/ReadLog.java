package io.jenkins.plugins.obuilder.agent;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import jenkins.MasterToSlaveFileCallable;

/** Reads on in the engine's log, a bounded piece in one round trip, and how it ended once all has been read. */
final class ReadLog extends MasterToSlaveFileCallable<LogPiece> {
    private static final long serialVersionUID = 1L;
    private static final int LOOK_AGAIN_MS = 10;

    /** A file's time may be a little older than its process, by the file system's clock. */
    private static final int CLOCK_TICK_S = 2;

    private final long offset;
    private final int seen;
    private final int most;
    private final int waitMs;

    /**
     * Does nothing yet.
     *
     * @param offset where to read on
     * @param seen how many of the bytes from there on are known already: more are wanted
     * @param most how many bytes to read
     * @param waitMs how long to wait when there is nothing to tell
     */
    ReadLog(long offset, int seen, int most, int waitMs) {
        this.offset = offset;
        this.seen = seen;
        this.most = most;
        this.waitMs = waitMs;
    }

    @Override
    public LogPiece invoke(File directory, VirtualChannel channel) throws IOException, InterruptedException {
        Path control = directory.toPath();
        File log = control.resolve(ControlFiles.LOG).toFile();
        long giveUp = System.nanoTime() + waitMs * 1_000_000L;
        while (true) {
            // In this order: what was written before the end must not be missed.
            Optional<LogPiece.End> end = end(control);
            long there = log.length() - offset;
            if (there > seen || end.isPresent() || System.nanoTime() >= giveUp) {
                byte[] bytes = there > seen || end.isPresent() ? read(log) : new byte[0];
                return new LogPiece(bytes, bytes.length == most ? null : end.orElse(null));
            }
            Thread.sleep(LOOK_AGAIN_MS);
        }
    }

    private static Optional<LogPiece.End> end(Path control) throws IOException {
        Optional<String> wrapper = ControlFiles.read(control.resolve(ControlFiles.WRAPPER));
        boolean lives =
                wrapper.map(ProcessIdentity::parse).map(ProcessIdentity::lives).orElse(false) || engineLives(control);
        Optional<String> status = ControlFiles.read(control.resolve(ControlFiles.STATUS));
        if (status.isEmpty() && lives) {
            return Optional.empty();
        }
        return Optional.of(new LogPiece.End(
                status.map(Integer::valueOf).orElse(LogPiece.End.VANISHED),
                control.toFile().getUsableSpace()));
    }

    /** The shell around it may have been killed: the engine then goes on, and its last mark tells the result. */
    private static boolean engineLives(Path control) throws IOException {
        Path file = control.resolve(ControlFiles.ENGINE);
        Optional<ProcessHandle> engine = ControlFiles.read(file).flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)));
        if (engine.isEmpty() || !engine.get().isAlive()) {
            return false;
        }
        FileTime written;
        try {
            written = Files.getLastModifiedTime(file);
        } catch (NoSuchFileException e) {
            return false;
        }
        Instant latest = written.toInstant().plusSeconds(CLOCK_TICK_S);
        return engine.get()
                .info()
                .startInstant()
                .map(began -> began.isBefore(latest))
                .orElse(true);
    }

    private byte[] read(File log) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log, "r")) {
            byte[] bytes = new byte[(int) Math.max(0, Math.min(most, file.length() - offset))];
            file.seek(offset);
            file.readFully(bytes);
            return bytes;
        }
    }
}
