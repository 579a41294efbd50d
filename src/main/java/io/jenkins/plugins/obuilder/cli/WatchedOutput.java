package io.jenkins.plugins.obuilder.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;

/**
 * Standard output, which may be a pipe that its reader closes, or a file on a disk that is full. That is no error of whoever writes: it is
 * told once, and what is written afterwards is dropped.
 */
final class WatchedOutput extends OutputStream {
    private final OutputStream out;
    private final Consumer<IOException> whenBroken;
    private boolean broken;

    WatchedOutput(OutputStream out, Consumer<IOException> whenBroken) {
        this.out = out;
        this.whenBroken = whenBroken;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
        if (broken()) {
            return;
        }
        try {
            synchronized (this) {
                out.write(buffer, offset, length);
            }
        } catch (IOException e) {
            breaks(e);
        }
    }

    @Override
    public void flush() {
        if (broken()) {
            return;
        }
        try {
            out.flush();
        } catch (IOException e) {
            breaks(e);
        }
    }

    private synchronized boolean broken() {
        return broken;
    }

    private void breaks(IOException e) {
        synchronized (this) {
            if (broken) {
                return;
            }
            broken = true;
        }
        whenBroken.accept(e);
    }
}
