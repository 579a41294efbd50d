package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.PieceInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Reads another stream ahead on a thread of its own, so that decompressing and unpacking go on at the same time. What reading throws, the
 * reader of this gets in its place, the same object. One thread reads it.
 */
final class AheadInput extends PieceInput {
    /** Large beside what it costs to hand it over. */
    private static final int BLOCK = 1 << 18;

    /** Together 2 MiB: as much as a large file may make unpacking wait without making decompression wait. */
    private static final int BLOCKS = 8;

    private static final Block END = new Block(new byte[0], 0, null);

    private final InputStream in;
    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(BLOCKS);
    private final BlockingQueue<Block> full = new ArrayBlockingQueue<>(BLOCKS + 1);
    private final Thread reader = new Thread(this::readAll, "read ahead");
    private Block present = new Block(new byte[0], 0, null);
    private int at;

    /** @param failure what reading threw; null for a block of data */
    private record Block(byte[] data, int length, Throwable failure) {}

    /** @param in closed with this; nobody else reads it until the end of this was read */
    AheadInput(InputStream in) {
        this.in = in;
        for (int n = 0; n < BLOCKS; n++) {
            free.add(new byte[BLOCK]);
        }
        reader.setDaemon(true);
        reader.start();
    }

    private void readAll() {
        try {
            while (true) {
                byte[] data = free.take();
                int n = in.readNBytes(data, 0, data.length);
                if (n > 0) {
                    full.put(new Block(data, n, null));
                }
                if (n < data.length) {
                    full.put(END);
                    return;
                }
            }
        } catch (InterruptedException e) {
            return; // it was closed
        } catch (IOException | RuntimeException | Error e) {
            // There is room: every block but this thread's own can be waiting, and one more.
            full.add(new Block(new byte[0], 0, e));
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (at == present.length()) {
            if (present == END) {
                return -1;
            }
            next();
        }
        int n = Math.min(length, present.length() - at);
        System.arraycopy(present.data(), at, buffer, offset, n);
        at += n;
        return n;
    }

    private void next() throws IOException {
        if (present.failure() != null) {
            throw thrown(present.failure());
        }
        if (present.length() > 0) {
            free.add(present.data());
        }
        try {
            present = full.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading an archive");
        }
        at = 0;
    }

    private static IOException thrown(Throwable failure) {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return (IOException) failure;
    }

    /** Ends the thread first: what it reads from is not closed under it. */
    @Override
    public void close() throws IOException {
        reader.interrupt();
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        in.close();
    }
}
