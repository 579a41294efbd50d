package io.jenkins.plugins.obuilder.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps bytes until they are wanted: a little in memory, the rest in a file that has no name any more, so that not even a killed
 * process leaves it behind.
 */
final class Spool {
    private static final int IN_MEMORY = 256 * 1024;

    private ByteArrayOutputStream memory = new ByteArrayOutputStream(0);
    private FileChannel file;

    void write(byte[] buffer, int offset, int length) throws IOException {
        if (file == null && memory.size() + length > IN_MEMORY) {
            Path path = Files.createTempFile("obuilder-", ".log");
            file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Files.delete(path);
            writeFully(ByteBuffer.wrap(memory.toByteArray()));
            memory = null;
        }
        if (file == null) {
            memory.write(buffer, offset, length);
        } else {
            writeFully(ByteBuffer.wrap(buffer, offset, length));
        }
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    /** Moves everything to the stream; the spool is empty afterwards. */
    void drainTo(OutputStream out) throws IOException {
        if (file == null) {
            memory.writeTo(out);
        } else {
            file.position(0);
            Channels.newInputStream(file).transferTo(out);
            file.close();
            file = null;
        }
        memory = new ByteArrayOutputStream(0);
    }
}
