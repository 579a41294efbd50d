package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Pause;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.BuildLocks;
import io.jenkins.plugins.obuilder.store.FullDisk;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sees to it that a step's snapshot exists: found in the store, made by somebody else in the meantime, or made here. One of all threads
 * and processes makes it; the others follow its log, and the first of them takes over when it is stopped. Thread-safe.
 */
final class StepsRunner {
    private static final long LOOK_AGAIN_MS = 50;

    private final Store store;
    private final BuildLocks locks;
    private final Sandbox sandbox;
    private final BuildEvents events;
    private final StepLimits limits;
    private final SecretMask mask;
    private final Headroom headroom;
    private final Semaphore places;
    private final Set<SnapshotId> newToday = ConcurrentHashMap.newKeySet();
    private final AtomicInteger steps = new AtomicInteger();
    private final AtomicInteger hits = new AtomicInteger();

    StepsRunner(
            Store store,
            BuildLocks locks,
            Sandbox sandbox,
            BuildEvents events,
            BuildOptions options,
            Headroom headroom) {
        this.store = store;
        this.locks = locks;
        this.sandbox = sandbox;
        this.events = events;
        this.headroom = headroom;
        this.limits = options.limits();
        this.mask = options.mask();
        this.places = new Semaphore(options.parallel(), true);
    }

    int steps() {
        return steps.get();
    }

    int hits() {
        return hits.get();
    }

    void run(String stage, Step step, Cancellation cancellation) throws IOException {
        long start = System.nanoTime();
        SnapshotId id = step.id().known();
        try (LogFollower follower = new LogFollower(events, stage)) {
            Optional<Store.Snapshot> found = store.find(id);
            if (found.isPresent()) {
                follower.tellRest(found.get().log());
            } else {
                newToday.add(id);
                makeOrFollow(stage, step, follower, cancellation);
            }
        }
        // What this build had to wait for, in whichever stage, was not there before it began.
        boolean cached = !newToday.contains(id);
        steps.incrementAndGet();
        if (cached) {
            hits.incrementAndGet();
        }
        events.stepFinished(stage, id, cached, Duration.ofNanos(System.nanoTime() - start));
    }

    private void makeOrFollow(String stage, Step step, LogFollower follower, Cancellation cancellation)
            throws IOException {
        try (BuildLocks.Held turn = waitForTurn(step.id().known(), follower, cancellation)) {
            Optional<Store.Snapshot> found = store.find(step.id().known());
            if (found.isPresent()) {
                follower.tellRest(found.get().log());
                return;
            }
            follower.startAgain();
            places.acquireUninterruptibly();
            try {
                stopIfCancelled(cancellation);
                headroom.insist(cancellation);
                make(stage, step, turn, cancellation);
                headroom.look();
            } finally {
                places.release();
                headroom.news().forEach(line -> events.note(stage, line));
            }
        }
    }

    private BuildLocks.Held waitForTurn(SnapshotId id, LogFollower follower, Cancellation cancellation)
            throws IOException {
        while (true) {
            Optional<BuildLocks.Held> turn = locks.tryLock(id);
            if (turn.isPresent()) {
                return turn.get();
            }
            stopIfCancelled(cancellation);
            follower.tellMore(locks.builder(id));
            Pause.millis(LOOK_AGAIN_MS, "another build made this step");
        }
    }

    static void stopIfCancelled(Cancellation cancellation) throws Sandbox.CancelledException {
        if (cancellation.isCancelled()) {
            throw new Sandbox.CancelledException(cancellation.reason().orElseThrow());
        }
    }

    private void make(String stage, Step step, BuildLocks.Held turn, Cancellation cancellation) throws IOException {
        Store.Draft draft = begin(step);
        try {
            try (OutputStream log = new StepLog(mask.over(Files.newOutputStream(draft.log())), events, stage)) {
                turn.announce(draft.log());
                step.make(
                        draft,
                        new Step.Workshop(
                                store,
                                sandbox,
                                log,
                                line -> events.progress(stage, line),
                                resource -> clearUp(stage, resource),
                                limits,
                                cancellation));
            }
            draft.commit();
        } catch (IOException e) {
            throw explained(e);
        } finally {
            clearUp(stage, draft);
        }
    }

    private Store.Draft begin(Step step) throws IOException {
        try {
            return store.begin(step.id().known(), step.base());
        } catch (IOException e) {
            throw explained(e);
        }
    }

    private IOException explained(IOException e) {
        return e instanceof Sandbox.CancelledException ? e : FullDisk.explained(e, store.root());
    }

    /** A finished step stays finished, and a failed one's failure is what the user must hear, whatever clearing up runs into. */
    private void clearUp(String stage, Closeable resource) {
        try {
            resource.close();
        } catch (IOException e) {
            events.note(stage, "could not clear up after the step, the next start will: " + e.getMessage());
        }
    }
}
