package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Watches over the limits of a command that runs: one that goes beyond them is cancelled, and its build with it is not. */
final class StepWatch implements AutoCloseable {
    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private final StepLimits limits;
    private final Cancellation command = new Cancellation();
    private final Cancellation.Registration build;
    private final Optional<ScheduledFuture<?>> alarm;
    private final OutputStream log;
    private volatile String exceeded;

    /** @param build cancels the command too */
    StepWatch(StepLimits limits, OutputStream log, Cancellation build) {
        this.limits = limits;
        this.log =
                limits.output().isPresent() ? new Counted(log, limits.output().getAsLong()) : log;
        this.build = build.onCancel(() -> command.cancel(build.reason().orElseThrow()));
        alarm = limits.time()
                .map(time -> CLOCK.schedule(
                        () -> exceed("it took longer than a step may: " + time.toSeconds()
                                + " s (--step-timeout; in Jenkins stepTimeout)"),
                        time.toMillis(),
                        TimeUnit.MILLISECONDS));
    }

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "step-limits");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    Cancellation cancellation() {
        return command;
    }

    OutputStream log() {
        return log;
    }

    /** Which limit the command went beyond; the message is for the user. */
    Optional<String> exceeded() {
        return Optional.ofNullable(exceeded);
    }

    /** Ends the command. @param what it has done; the message is for the user */
    void exceed(String what) {
        exceeded = what;
        command.cancel(what);
    }

    @Override
    public void close() {
        build.close();
        alarm.ifPresent(task -> task.cancel(false));
    }

    /** Passes on as much as is allowed, and no more. */
    private final class Counted extends FilterOutputStream {
        private long left;

        Counted(OutputStream log, long most) {
            super(log);
            left = most;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            int allowed = (int) Math.min(length, left);
            out.write(buffer, offset, allowed);
            left -= allowed;
            if (allowed < length && exceeded == null) {
                exceed("it printed more than a step may: " + limits.output().getAsLong()
                        + " bytes (--max-output; in Jenkins maxOutput)");
            }
        }
    }
}
