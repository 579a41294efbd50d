package io.jenkins.plugins.obuilder.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Times of the same work, in milliseconds. */
public final class Sample {
    private static final double NANOS_IN_MS = 1e6;

    private final List<Double> times = new ArrayList<>();

    /** Some work, which must succeed. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /** Does the work this many times. */
    public static Sample of(int times, Work work) throws Exception {
        Sample sample = new Sample();
        for (int i = 0; i < times; i++) {
            sample.add(work);
        }
        return sample;
    }

    /** Does the work once more. */
    public void add(Work work) throws Exception {
        add(nanos(work));
    }

    /** How long the work takes. */
    static long nanos(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    /** Adds what was measured elsewhere. */
    public void add(long nanos) {
        times.add(nanos / NANOS_IN_MS);
    }

    double shortest() {
        return times.stream().mapToDouble(time -> time).min().orElseThrow();
    }

    double median() {
        return times.stream().sorted().toList().get(times.size() / 2);
    }

    @Override
    public String toString() {
        return text(shortest()) + " / " + text(median());
    }

    private static String text(double milliseconds) {
        return String.format(
                Locale.ROOT, milliseconds < 10 ? "%.2f" : milliseconds < 100 ? "%.1f" : "%.0f", milliseconds);
    }
}
