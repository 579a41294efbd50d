package io.jenkins.plugins.obuilder.engine;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Sends what several writers produce at once to one stream, one writer after the other in a fixed order: the first that is not finished
 * goes through live, what the others write is kept and follows whole, and so does what comes when all have finished. Thread-safe.
 */
final class OrderedOutput implements Closeable {
    private final OutputStream out;
    private final Deque<Part> waiting = new ArrayDeque<>();

    OrderedOutput(OutputStream out) {
        this.out = out;
    }

    /** Adds a writer behind all that were added before. */
    synchronized Part add() {
        Part part = new Part();
        waiting.add(part);
        return part;
    }

    /** Lets everything that was kept follow, in order, finished or not. */
    @Override
    public synchronized void close() throws IOException {
        while (!waiting.isEmpty()) {
            waiting.remove().kept.drainTo(out);
        }
        out.flush();
    }

    /** One writer. */
    final class Part {
        private final Spool kept = new Spool();
        private boolean finished;

        void write(byte[] buffer, int offset, int length) throws IOException {
            synchronized (OrderedOutput.this) {
                if (waiting.isEmpty() || waiting.peek() == this) {
                    out.write(buffer, offset, length);
                    out.flush();
                } else {
                    kept.write(buffer, offset, length);
                }
            }
        }

        /** The rest of a file. False, and nothing is done, when that must go through this process' memory. */
        boolean write(FileChannel file, long from) throws IOException {
            synchronized (OrderedOutput.this) {
                if (out instanceof FileSink sink && (waiting.isEmpty() || waiting.peek() == this)) {
                    sink.writeFrom(file, from, file.size() - from);
                    return true;
                }
                return false;
            }
        }

        /** Nothing more comes from this writer. */
        void finish() throws IOException {
            synchronized (OrderedOutput.this) {
                finished = true;
                while (!waiting.isEmpty() && waiting.element().finished) {
                    waiting.remove();
                    if (!waiting.isEmpty()) {
                        waiting.element().kept.drainTo(out);
                    }
                }
                out.flush();
            }
        }
    }
}
