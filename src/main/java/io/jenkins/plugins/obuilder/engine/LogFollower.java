package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.store.BuildLocks;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells the log of a step that somebody else makes, from its beginning, while it grows; or the saved log of one that is finished, from
 * where the telling stopped.
 */
final class LogFollower implements Closeable {
    private static final int BLOCK = 64 * 1024;

    private final BuildEvents events;
    private final String stage;
    private final byte[] block = new byte[BLOCK];

    private Path file;
    private FileChannel open;
    private long told;

    LogFollower(BuildEvents events, String stage) {
        this.events = events;
        this.stage = stage;
    }

    /** Whether another build's output has been told, which will not be what this build saves. */
    boolean hasTold() {
        return told > 0;
    }

    /** Tells what has come since the last call. The open file is kept: a finished step's log is renamed, one of a killed step removed. */
    void tellMore(Optional<BuildLocks.Builder> builder) throws IOException {
        if (builder.isPresent() && !builder.get().log().equals(file)) {
            close();
            try {
                open = FileChannel.open(builder.get().log());
                file = builder.get().log();
                startAgain();
            } catch (NoSuchFileException e) {
                return; // announced, but not begun, or gone since: the next look will tell
            }
        }
        if (open != null) {
            for (int n = read(); n > 0; n = read()) {
                events.output(stage, block, 0, n);
                told += n;
            }
        }
    }

    private int read() throws IOException {
        return open.read(ByteBuffer.wrap(block));
    }

    /** The step is begun anew, by this build or another: what was told of the former try is not all there is to tell. */
    void startAgain() {
        if (told > 0) {
            told = 0;
            events.note(stage, "whoever ran this step was stopped; it starts again");
        }
    }

    /** Tells the rest of a finished step's log, if it has one. */
    void tellRest(Path saved) throws IOException {
        if (!Files.exists(saved)) {
            return;
        }
        try (FileChannel log = FileChannel.open(saved)) {
            if (log.size() < told) {
                throw new EOFException("the saved log " + saved + " is shorter than what was told of it");
            }
            events.output(stage, log, told);
        }
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
