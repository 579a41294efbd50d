package io.jenkins.plugins.obuilder.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;

/**
 * What a build uses, to be closed after it. A finished build stays finished, and a failed one's failure is what its user must hear, whatever
 * clearing up runs into: that is told and no more, and the next start clears up.
 *
 * @param err where it is told
 */
record LetGo<T extends Closeable>(T of, PrintStream err) implements Closeable {
    @Override
    public void close() {
        try {
            of.close();
        } catch (IOException e) {
            err.println("obuilder: could not clear up after the build, the next start will: " + e.getMessage());
        }
    }
}
