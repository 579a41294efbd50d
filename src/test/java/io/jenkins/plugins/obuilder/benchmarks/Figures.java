package io.jenkins.plugins.obuilder.benchmarks;

import java.io.PrintStream;
import java.util.Locale;

/** Prints a table of what was measured, row by row. Nothing is judged: what a figure should be at most stands beside it. */
public final class Figures {
    private final PrintStream out;

    Figures(String title, PrintStream out) {
        this.out = out;
        out.println();
        out.println("## " + title);
        out.println();
        out.println("Milliseconds: the shortest / the median of several runs.");
        out.println();
        out.println("| work | time | compared with | its time | ratio | at most |");
        out.println("| --- | --- | --- | --- | --- | --- |");
    }

    /**
     * A time beside that of something comparable, measured in turns.
     *
     * @param atMost what the ratio should be at most, such as {@code 1.5}; empty where nothing is asked for
     */
    public void ratio(String work, Sample time, String other, Sample otherTime, String atMost) {
        row(
                work,
                time.toString(),
                other,
                otherTime.toString(),
                String.format(
                        Locale.ROOT,
                        "%.2f / %.2f",
                        time.shortest() / otherTime.shortest(),
                        time.median() / otherTime.median()),
                atMost);
    }

    /** A time of its own. */
    public void time(String work, Sample time, String atMost) {
        row(work, time.toString(), "", "", "", atMost);
    }

    /** Any other figure. */
    public void figure(String work, String figure, String atMost) {
        row(work, figure, "", "", "", atMost);
    }

    private void row(String... cells) {
        out.println("| " + String.join(" | ", cells) + " |");
        out.flush();
    }
}
