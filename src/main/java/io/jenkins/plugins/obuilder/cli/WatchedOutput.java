package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.BuildEvents;
import io.jenkins.plugins.obuilder.engine.FileSink;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.Consumer;

/**
 * Standard output, which may be a pipe that its reader closes, or a file on a disk that is full. That is no error of whoever writes: it is
 * told once, and what is written afterwards is dropped.
 */
final class WatchedOutput extends OutputStream implements FileSink {
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
    public void writeFrom(FileChannel file, long from, long count) throws IOException {
        if (!(out instanceof FileOutputStream stream)) {
            ByteBuffer block = ByteBuffer.allocate((int) Math.min(count, BuildEvents.LOG_BLOCK));
            for (long at = from; at < from + count && file.read(block.clear(), at) > 0; at += block.position()) {
                write(block.array(), 0, (int) Math.min(block.position(), from + count - at));
            }
            return;
        }
        long at = from;
        while (at < from + count && !broken()) {
            long moved = transfer(file, at, from + count - at, stream.getChannel());
            if (moved == 0 && !broken()) {
                throw new EOFException("a saved log became shorter while it was read");
            }
            at += moved;
        }
    }

    private long transfer(FileChannel file, long from, long count, FileChannel to) {
        try {
            synchronized (this) {
                return file.transferTo(from, count, to);
            }
        } catch (IOException e) {
            breaks(e);
            return 0;
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
