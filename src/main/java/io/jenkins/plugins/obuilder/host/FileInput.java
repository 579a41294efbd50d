package io.jenkins.plugins.obuilder.host;

import java.io.IOException;
import java.io.InputStream;

/** Reads an open file, and leaves it open. */
final class FileInput extends InputStream {
    private final OpenFile file;

    FileInput(OpenFile file) {
        this.file = file;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return length == 0 ? 0 : file.read(into, offset, length);
    }
}
