package io.jenkins.plugins.obuilder.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells running work that nobody wants it any more. Thread-safe; cancelled at most once and for ever.
 */
public final class Cancellation {
    private final List<Runnable> hooks = new ArrayList<>();
    private String reason;

    /** Cancels: every registered hook runs in the calling thread, once. Later calls do nothing. */
    public void cancel(String why) {
        List<Runnable> toRun;
        synchronized (this) {
            if (reason != null) {
                return;
            }
            reason = why;
            toRun = List.copyOf(hooks);
            hooks.clear();
        }
        toRun.forEach(Runnable::run);
    }

    /** Why it was cancelled; empty while it was not. */
    public synchronized Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    public synchronized boolean isCancelled() {
        return reason != null;
    }

    /**
     * Runs the hook when this is cancelled (at once if it was already).
     *
     * @return closes the registration; the hook does not run after that unless it has begun
     */
    public Registration onCancel(Runnable hook) {
        synchronized (this) {
            if (reason == null) {
                hooks.add(hook);
                return () -> {
                    synchronized (this) {
                        hooks.remove(hook);
                    }
                };
            }
        }
        hook.run();
        return () -> {};
    }

    /** A registered hook. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
