package io.jenkins.plugins.obuilder.benchmarks;

import java.nio.file.Path;

/** A group of figures that is printed as one table. A new one is a class and its line in {@link Benchmarks}. */
public interface Benchmark {
    /** What it is called on the command line: one word. */
    String name();

    /** The table's heading. */
    String title();

    /**
     * Measures, and prints row after row.
     *
     * @param scratch an empty directory on a disk, which is removed afterwards
     */
    void measure(Path scratch, Figures figures) throws Exception;
}
