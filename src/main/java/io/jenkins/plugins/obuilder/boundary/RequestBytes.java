package io.jenkins.plugins.obuilder.boundary;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The request as it comes, in pieces. */
final class RequestBytes extends InputStream {
    private final FrameReader frames;
    private byte[] piece = {};
    private int at;

    RequestBytes(FrameReader frames) {
        this.frames = frames;
    }

    /** Whether there is one at all. */
    boolean begins() throws IOException {
        return more();
    }

    private boolean more() throws IOException {
        while (at == piece.length) {
            Optional<Frame> frame = frames.next();
            if (frame.isEmpty()) {
                return false;
            }
            switch (frame.get().type()) {
                case REQUEST -> {
                    piece = frame.get().payload();
                    at = 0;
                }
                case ALIVE -> {
                    // says nothing more
                }
                default -> throw new ProtocolException("a frame " + frame.get().type() + " in place of a request");
            }
        }
        return true;
    }

    @Override
    public int read() throws IOException {
        return more() ? piece[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!more()) {
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, buffer, offset, count);
        at += count;
        return count;
    }
}
