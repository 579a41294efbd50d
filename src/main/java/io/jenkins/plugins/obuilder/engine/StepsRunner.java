package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Sees to it that a step's snapshot exists: found in the store, or made. Thread-safe. */
final class StepsRunner {
    private static final int BLOCK = 64 * 1024;

    private final Store store;
    private final Sandbox sandbox;
    private final BuildEvents events;
    private final Semaphore places;
    private final Map<SnapshotId, Object> turns = new ConcurrentHashMap<>();
    private final Set<SnapshotId> madeHere = ConcurrentHashMap.newKeySet();
    private final AtomicInteger steps = new AtomicInteger();
    private final AtomicInteger hits = new AtomicInteger();

    StepsRunner(Store store, Sandbox sandbox, BuildEvents events, int parallel) {
        this.store = store;
        this.sandbox = sandbox;
        this.events = events;
        this.places = new Semaphore(parallel, true);
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
        synchronized (turns.computeIfAbsent(id, key -> new Object())) {
            Optional<Store.Snapshot> found = store.find(id);
            if (found.isPresent()) {
                replay(stage, found.get());
            } else {
                makeInItsPlace(stage, step, cancellation);
                madeHere.add(id);
            }
        }
        // Another stage of this build may have made it: it was not there before, so it counts as made, as in the
        // reference.
        boolean cached = !madeHere.contains(id);
        steps.incrementAndGet();
        if (cached) {
            hits.incrementAndGet();
        }
        events.stepFinished(stage, id, cached, Duration.ofNanos(System.nanoTime() - start));
    }

    private void replay(String stage, Store.Snapshot snapshot) throws IOException {
        if (!Files.exists(snapshot.log())) {
            return;
        }
        byte[] block = new byte[BLOCK];
        try (InputStream log = Files.newInputStream(snapshot.log())) {
            for (int n = log.read(block); n > 0; n = log.read(block)) {
                events.output(stage, block, 0, n);
            }
        }
    }

    private void makeInItsPlace(String stage, Step step, Cancellation cancellation) throws IOException {
        places.acquireUninterruptibly();
        try {
            if (cancellation.isCancelled()) {
                throw new Sandbox.CancelledException(cancellation.reason().orElseThrow());
            }
            make(stage, step, cancellation);
        } finally {
            places.release();
        }
    }

    private void make(String stage, Step step, Cancellation cancellation) throws IOException {
        try (Store.Draft draft = store.begin(step.id().known(), step.base())) {
            try (OutputStream log = new StepLog(Files.newOutputStream(draft.log()), events, stage)) {
                step.make(
                        draft,
                        new Step.Workshop(store, sandbox, log, line -> events.progress(stage, line), cancellation));
            }
            draft.commit();
        }
    }
}
