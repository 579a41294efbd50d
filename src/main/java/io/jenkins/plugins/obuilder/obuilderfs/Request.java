package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.NativeBuffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One request of the kernel's: {@code struct fuse_in_header} of linux/fuse.h, then what belongs to its opcode. */
final class Request {
    /** What comes before the part that belongs to the opcode. */
    static final int HEADER = 40;

    /** The most that one request writes or reads. */
    static final int MAX_DATA = 1 << 20;

    private final NativeBuffer buffer = new NativeBuffer(MAX_DATA + 4096);
    private final ByteBuffer bytes = buffer.bytes();

    NativeBuffer buffer() {
        return buffer;
    }

    int opcode() {
        return bytes.getInt(4);
    }

    long unique() {
        return bytes.getLong(8);
    }

    /** The file it is about. */
    long node() {
        return bytes.getLong(16);
    }

    /** Whose process asks; 0 or nonsense where the kernel asks by itself. */
    int uid() {
        return bytes.getInt(24);
    }

    int gid() {
        return bytes.getInt(28);
    }

    int pid() {
        return bytes.getInt(32);
    }

    /** An integer of what belongs to the opcode. */
    int getInt(int offset) {
        return bytes.getInt(HEADER + offset);
    }

    long getLong(int offset) {
        return bytes.getLong(HEADER + offset);
    }

    /** Where in the buffer a byte of what belongs to the opcode is. */
    int at(int offset) {
        return HEADER + offset;
    }

    /** Where in the buffer the text ends, NUL included, that begins at this place in it. */
    int endOfText(int start) {
        int end = start;
        while (bytes.get(end) != 0) {
            end++;
        }
        return end + 1;
    }

    /** The text at a place in the buffer, a byte string. */
    String text(int start) {
        byte[] text = new byte[endOfText(start) - start - 1];
        bytes.get(start, text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
