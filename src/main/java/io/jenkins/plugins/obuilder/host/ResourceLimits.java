package io.jenkins.plugins.obuilder.host;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a group of processes may use at most; what is empty is not limited.
 *
 * @param memory bytes, swap included
 * @param pids processes and threads at the same time
 * @param cpus processors' worth of time: 1.5 is one and a half
 */
public record ResourceLimits(OptionalLong memory, OptionalInt pids, OptionalDouble cpus) {
    public static final ResourceLimits NONE =
            new ResourceLimits(OptionalLong.empty(), OptionalInt.empty(), OptionalDouble.empty());

    /** In each period of so long, the processes of a group get their quota of time. */
    public static final int PERIOD_MICROSECONDS = 100_000;

    /** How much time of each period that is, in microseconds; the kernel takes no less than 1 ms. */
    public static long quota(double cpus) {
        return Math.max(1_000, Math.round(cpus * PERIOD_MICROSECONDS));
    }

    /** Written out: a record's own equals is made up at its first call in a process, and that takes a while. */
    public boolean isEmpty() {
        return memory.isEmpty() && pids.isEmpty() && cpus.isEmpty();
    }
}
