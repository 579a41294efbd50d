package io.jenkins.plugins.obuilder.host;

import java.io.IOException;

/** Reads an open file, and leaves it open. */
final class FileInput extends PieceInput {
    private final OpenFile file;

    FileInput(OpenFile file) {
        this.file = file;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return length == 0 ? 0 : file.read(into, offset, length);
    }
}
