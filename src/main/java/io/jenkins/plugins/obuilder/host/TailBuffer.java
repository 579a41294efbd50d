package io.jenkins.plugins.obuilder.host;

import java.io.OutputStream;
import java.util.Arrays;

/** Keeps the last bytes written to it. */
final class TailBuffer extends OutputStream {
    private final int kept;
    private byte[] bytes;
    private int size;

    TailBuffer(int kept) {
        this.kept = kept;
        bytes = new byte[Math.min(kept, 1024)];
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] buffer, int offset, int length) {
        if (size + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + length));
        }
        System.arraycopy(buffer, offset, bytes, size, length);
        size += length;
        if (size > 2 * kept) {
            System.arraycopy(bytes, size - kept, bytes, 0, kept);
            size = kept;
        }
    }

    synchronized byte[] toByteArray() {
        return Arrays.copyOfRange(bytes, Math.max(0, size - kept), size);
    }
}
