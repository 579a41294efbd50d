package io.jenkins.plugins.obuilder.host;

import java.io.IOException;
import java.io.OutputStream;

/** Writes to an open file, and leaves it open. */
final class FileOutput extends OutputStream {
    private final OpenFile file;

    FileOutput(OpenFile file) {
        this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        file.write(from, offset, length);
    }
}
