package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.store.HumanSize;
import io.jenkins.plugins.obuilder.store.Pruning;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.SpaceLimits;
import io.jenkins.plugins.obuilder.store.Store;
import io.jenkins.plugins.obuilder.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that the steps of a build find room: prunes the store in the background when it becomes full, and refuses to begin a step
 * when hardly anything is free. A build whose steps are all cached does not come by here. Thread-safe.
 */
final class Headroom {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    /** Looking through a large store takes a while: not again and again when nothing was found that could go. */
    private static final Duration REST = Duration.ofSeconds(60);

    /** How long a build waits at its end, so that many short ones do not fill the disk that none has the time to prune. */
    private static final Duration LAST_LOOK = Duration.ofSeconds(5);

    private final Optional<SharedStore> store;
    private final SpaceLimits limits;
    private final Cancellation stopped = new Cancellation();
    private final Cancellation.Registration link;
    private final PruneNotes notes = new PruneNotes();
    private Thread watcher;
    private int looks;
    private int wanted;
    private boolean ended;

    /** @param build when it is cancelled, pruning ends, too */
    Headroom(Optional<SharedStore> store, SpaceLimits limits, Cancellation build) {
        this.store = store;
        this.limits = limits;
        link = build.onCancel(() -> stop(build.reason().orElseThrow()));
    }

    /**
     * To be called before a step is begun.
     *
     * @throws StoreException when there is no room for it
     */
    void insist(Cancellation cancellation) throws IOException {
        if (store.isEmpty()) {
            return;
        }
        look();
        if (limits.minFree() == 0) {
            return;
        }
        Store.Space space = store.get().space();
        if (space.free() < limits.minFree() && limits.keepFree().isPresent()) {
            notes.add(store.get().prune(limits(space), cancellation));
            StepsRunner.stopIfCancelled(cancellation);
            space = store.get().space();
        }
        if (space.free() < limits.minFree()) {
            throw new StoreException("there is too little room for it: " + HumanSize.free(space)
                    + " are free where the store " + store.get().name() + " lies, and with less than "
                    + HumanSize.of(limits.minFree())
                    + " no step is begun (--min-free)\nDelete snapshots (obuilder prune"
                    + " --store " + store.get().name() + " --keep-free " + ((limits.minFree() >> 20) + 1)
                    + "M), or make room"
                    + (limits.keepFree().isPresent()
                            ? "; what is left of them is in use, or cannot be deleted now"
                            : "; with --keep-free, builds prune by themselves"));
        }
    }

    /** A step was made, and the file system may be fuller. */
    void look() {
        if (store.isEmpty() || limits.keepFree().isEmpty()) {
            return;
        }
        synchronized (this) {
            wanted++;
            notifyAll();
            if (watcher == null && !stopped.isCancelled()) {
                watcher = new Thread(this::watch, "prune");
                watcher.setDaemon(true);
                watcher.start();
            }
        }
    }

    /** What there is to tell since the last call. */
    List<String> news() {
        return notes.take();
    }

    /** Ends the pruning, when the build has come to its end: after a last look, unless that takes long. */
    void end() {
        link.close();
        try {
            Thread thread;
            synchronized (this) {
                thread = watcher;
                if (thread == null) {
                    return;
                }
                look();
                long deadline = System.nanoTime() + LAST_LOOK.toNanos();
                for (long left = LAST_LOOK.toNanos();
                        left > 0 && !ended && looks < wanted && !stopped.isCancelled();
                        left = deadline - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                }
            }
            stop("the build has ended");
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop(String why) {
        stopped.cancel(why);
        synchronized (this) {
            looks = wanted; // nobody need wait for one that will not be
            notifyAll();
        }
    }

    private void watch() {
        try {
            while (!stopped.isCancelled()) {
                int seen;
                synchronized (this) {
                    seen = wanted;
                }
                boolean hopeless = tryToPrune();
                synchronized (this) {
                    looks = seen;
                    notifyAll();
                }
                rest(seen, hopeless);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }
    }

    /** What fails may work a while later. Meanwhile the build goes on: the floor keeps it from filling the disk. */
    private boolean tryToPrune() {
        try {
            return pruneIfNeeded();
        } catch (IOException | RuntimeException e) {
            notes.addOnce("failure", "could not prune the store in the background: " + e.getMessage());
            return true;
        }
    }

    private synchronized void rest(int seen, boolean hopeless) throws InterruptedException {
        long deadline = System.nanoTime() + (hopeless ? REST : LOOK_AGAIN).toNanos();
        for (long left = 1;
                left > 0 && !stopped.isCancelled() && (hopeless || wanted == seen);
                left = deadline - System.nanoTime()) {
            if (hopeless) {
                looks = wanted; // nobody need wait for it
                notifyAll();
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Says whether all that can go has gone, and it is not enough. */
    private boolean pruneIfNeeded() throws IOException {
        long keepFree = limits.keepFree().orElseThrow();
        Store.Space space = store.get().space();
        if (space.free() >= keepFree) {
            return false;
        }
        // Somebody else may be pruning: that is as good.
        Optional<Pruning.Report> report = store.get().pruneUnlessPruning(limits(space), stopped);
        report.ifPresent(notes::add);
        if (report.isEmpty() || stopped.isCancelled() || report.get().after().free() >= keepFree) {
            return false;
        }
        notes.addOnce(
                "limit",
                "no more snapshots can be pruned: "
                        + HumanSize.free(report.get().after()) + " are free, and --keep-free asks for "
                        + HumanSize.of(keepFree));
        return true;
    }

    /** A tenth more than is to be kept, so that it does not begin anew with every step. */
    private Pruning.Limits limits(Store.Space space) {
        long keepFree = limits.keepFree().orElseThrow();
        return new Pruning.Limits(
                Instant.MAX,
                Integer.MAX_VALUE,
                OptionalInt.empty(),
                OptionalLong.of(Math.max(keepFree, Math.min(keepFree + keepFree / 10, space.total() / 10 * 9))));
    }
}
