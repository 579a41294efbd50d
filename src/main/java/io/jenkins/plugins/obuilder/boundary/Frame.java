package io.jenkins.plugins.obuilder.boundary;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One message: a byte for its type, 32 bits for the channel, 32 for the length, and so many bytes. */
record Frame(FrameType type, int channel, byte[] payload) {
    /** Bytes of a payload at most. */
    static final int LARGEST = 64 << 10;

    static final int HEADER = 9;

    /** For a text frame: UTF-8, which the other side may have sent wrong. */
    String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** The number at the payload's beginning. */
    int number() throws ProtocolException {
        if (payload.length < Integer.BYTES) {
            throw new ProtocolException("a frame " + type + " of " + payload.length + " bytes");
        }
        return ByteBuffer.wrap(payload).getInt();
    }

    /** The text behind the number. */
    String textAfterNumber() {
        return new String(payload, Integer.BYTES, payload.length - Integer.BYTES, StandardCharsets.UTF_8);
    }
}
