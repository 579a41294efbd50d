package io.jenkins.plugins.obuilder.boundary;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Sends frames, each in one write. Thread-safe. */
final class FrameWriter {
    private final OutputStream out;

    FrameWriter(OutputStream out) {
        this.out = out;
    }

    void write(FrameType type, int channel, byte[] payload) throws IOException {
        write(type, channel, payload, 0, payload.length);
    }

    void number(FrameType type, int channel, int number) throws IOException {
        write(type, channel, ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }

    /** A text of one frame; what is too long is cut. */
    void text(FrameType type, int channel, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(type, channel, bytes, 0, Math.min(bytes.length, Frame.LARGEST));
    }

    /** Any number of bytes, in as many frames as it takes. */
    void write(FrameType type, int channel, byte[] payload, int offset, int length) throws IOException {
        int done = 0;
        do {
            int piece = Math.min(length - done, Frame.LARGEST);
            ByteBuffer frame = ByteBuffer.allocate(Frame.HEADER + piece)
                    .put(type.code)
                    .putInt(channel)
                    .putInt(piece)
                    .put(payload, offset + done, piece);
            synchronized (this) {
                out.write(frame.array());
                out.flush();
            }
            done += piece;
        } while (done < length);
    }

    /** A stream whose bytes become frames of this type. */
    OutputStream stream(FrameType type) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                if (length > 0) {
                    FrameWriter.this.write(type, 0, buffer, offset, length);
                }
            }
        };
    }
}
