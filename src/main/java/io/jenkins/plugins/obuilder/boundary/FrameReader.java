package io.jenkins.plugins.obuilder.boundary;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Takes frames apart. Whatever comes, no more than one of them is kept. */
final class FrameReader {
    private final DataInputStream in;

    FrameReader(InputStream in) {
        this.in = new DataInputStream(new BufferedInputStream(in, Frame.LARGEST + Frame.HEADER));
    }

    /**
     * The next frame; empty at the end of the stream.
     *
     * @throws ProtocolException when what comes is no frame, or ends in the middle of one
     */
    Optional<Frame> next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        byte[] header = new byte[Frame.HEADER - 1];
        int got = in.readNBytes(header, 0, header.length);
        Optional<FrameType> type = FrameType.of(first);
        ByteBuffer numbers = ByteBuffer.wrap(header);
        int channel = numbers.getInt();
        int length = numbers.getInt();
        if (type.isEmpty() || got < header.length || length < 0 || length > Frame.LARGEST) {
            throw new ProtocolException("it begins with \"" + printable(first, header, got) + "\"");
        }
        byte[] payload = new byte[length];
        try {
            in.readFully(payload);
        } catch (EOFException e) {
            throw new ProtocolException("it ended in the middle of a frame");
        }
        return Optional.of(new Frame(type.get(), channel, payload));
    }

    private static String printable(int first, byte[] rest, int length) {
        return ((char) first + new String(rest, 0, length, StandardCharsets.ISO_8859_1)).replaceAll("[^ -~]", "?");
    }
}
