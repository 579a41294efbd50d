package io.jenkins.plugins.obuilder.sandbox;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was done and is to be undone, the last first, each whatever happens to the others. */
final class Undo implements Closeable {
    private final Deque<Closeable> done = new ArrayDeque<>();

    void add(Closeable undo) {
        done.push(undo);
    }

    /** @throws IOException of the first that failed; the others' are suppressed in it */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        while (!done.isEmpty()) {
            try {
                done.pop().close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
