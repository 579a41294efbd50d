package io.jenkins.plugins.obuilder.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.remoting.Future;
import java.io.IOException;
import java.util.concurrent.ExecutionException;

/**
 * Reads an engine's log from afar, piece by piece. While there is much to read, the next piece is on its way when this one is passed on: so
 * neither the distance nor a slow log on this side costs twice.
 */
final class LogReader {
    /** So much fits several times into a small agent's memory, and is what may be told twice after a crash. */
    private static final int PIECE = 1 << 20;

    /** No mark is longer. */
    private static final int LARGEST = 1 << 26;

    private final MarkedLog log;
    private long position;
    private int seen;
    private int most = PIECE;
    private @CheckForNull Future<LogPiece> ahead;
    private long aheadAt;

    LogReader(String token, long position) {
        log = new MarkedLog(token);
        this.position = position;
    }

    /**
     * What reading came to.
     *
     * @param output whether there was something to pass on
     * @param end how the engine ended; null when there is or may be more to come
     * @param last the mark with the result, at the end; null when there is none
     */
    record Read(
            boolean output,
            @CheckForNull LogPiece.End end,
            @CheckForNull Mark last) {}

    /** How much has been passed on. */
    long position() {
        return position;
    }

    /** Reads a piece and passes on what it holds. After an exception the same piece can be read again. */
    Read read(FilePath control, LogReceiver receiver, int waitMs) throws IOException, InterruptedException {
        LogPiece piece = next(control, waitMs);
        boolean full = piece.bytes().length == most;
        MarkedLog.Parts parts = log.read(piece.bytes(), piece.end() != null);
        if (parts.length() == 0) {
            seen = piece.bytes().length;
            if (full && most < LARGEST) {
                most *= 2;
            }
        } else {
            seen = 0;
            most = PIECE;
        }
        long next = position + parts.length();
        if (full && parts.length() > 0) {
            ahead = control.actAsync(new ReadLog(next, 0, most, 0));
            aheadAt = next;
        }
        Mark last = pass(piece.bytes(), parts, receiver);
        receiver.flush();
        position = next;
        return new Read(parts.length() > 0, piece.end(), last);
    }

    private LogPiece next(FilePath control, int waitMs) throws IOException, InterruptedException {
        Future<LogPiece> asked = ahead;
        ahead = null;
        if (asked == null || aheadAt != position) {
            return control.act(new ReadLog(position, seen, most, waitMs));
        }
        try {
            return asked.get();
        } catch (ExecutionException e) {
            throw new IOException("cannot read on in the engine's log: " + e.getCause(), e);
        }
    }

    private static @CheckForNull Mark pass(byte[] bytes, MarkedLog.Parts parts, LogReceiver receiver)
            throws IOException {
        Mark last = null;
        for (MarkedLog.Part part : parts.parts()) {
            Mark mark = part.mark();
            if (mark == null) {
                receiver.text(bytes, part.offset(), part.length());
            } else if (mark.event().equals(Mark.FINISHED)) {
                last = mark;
            } else {
                receiver.mark(mark);
            }
        }
        return last;
    }
}
