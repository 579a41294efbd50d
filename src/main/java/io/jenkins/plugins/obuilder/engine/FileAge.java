package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.FileStat;

/** Whether what a file looks like tells what is in it. */
final class FileAge {
    static final long NANOS_IN_SECOND = 1_000_000_000L;

    /** Files are stamped with the time of the kernel's last tick, which is at most 10 ms ago. */
    private static final long TICK_NANOS = 20_000_000L;

    /** Some file systems keep whole seconds, or even ones. */
    private static final long COARSE_NANOS = 2 * NANOS_IN_SECOND + TICK_NANOS;

    private FileAge() {}

    /**
     * Whether a change from a moment on must show in the time of the last change: not if the file was changed just before it. Only that
     * time counts, which nobody can set.
     *
     * @param moment by the clock that stamps files, in nanoseconds since 1970
     */
    static boolean isSettled(FileStat stat, long moment) {
        long changed = stat.ctime().seconds() * NANOS_IN_SECOND + stat.ctime().nanos();
        return changed + (stat.ctime().nanos() == 0 ? COARSE_NANOS : TICK_NANOS) < moment;
    }

    /** The same to be believed for longer than a build takes, whatever clocks are set to meanwhile. */
    static boolean isLongSettled(FileStat stat, long moment) {
        return isSettled(stat, moment - COARSE_NANOS);
    }
}
