package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.BuildLocks;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Builds specs: on one store, in one kind of sandbox. Thread-safe. */
public final class Builder {
    private final Sessions sessions;
    private final Optional<SharedStore> shared;
    private final BuildLocks locks;
    private final Sandbox sandbox;
    private final BaseImages images;
    private final CopyFiles copies;
    private final CopyFiles contextFiles;

    /** Opens the store for one build, which closes it: what a build has found must not be pruned before it ends. */
    @FunctionalInterface
    interface Sessions {
        Store open();
    }

    Builder(Sessions sessions, BuildLocks locks, Sandbox sandbox, BaseImages images, CopyFiles copies) {
        this(sessions, Optional.empty(), locks, sandbox, images, copies, copies);
    }

    private Builder(
            Sessions sessions,
            Optional<SharedStore> shared,
            BuildLocks locks,
            Sandbox sandbox,
            BaseImages images,
            CopyFiles copies,
            CopyFiles contextFiles) {
        this.sessions = sessions;
        this.shared = shared;
        this.locks = locks;
        this.sandbox = sandbox;
        this.images = images;
        this.copies = copies;
        this.contextFiles = contextFiles;
    }

    /** Builds on this store, in this sandbox, from these images. */
    public static Builder on(SharedStore store, Sandbox sandbox, BaseImages images) {
        CopyFiles contextFiles =
                CopyFiles.remembering(store.root().resolve("state").resolve("digests"));
        return new Builder(
                store::session,
                Optional.of(store),
                store.locks(),
                sandbox,
                images,
                CopyFiles.ofThisMachine(),
                contextFiles);
    }

    /** The same for build contexts that are not this process' to read. Results of nested builds still are. */
    public Builder readingContextsFrom(CopyFiles files) {
        return new Builder(sessions, shared, locks, sandbox, images, copies, files);
    }

    /**
     * Builds, and tells how it ended; that a build failed is told there, not thrown.
     *
     * @throws MissingSecretException when a secret has no value: nothing was run and no event sent
     */
    public BuildOutcome build(BuildRequest request, BuildOptions options, BuildEvents told, Cancellation cancellation)
            throws MissingSecretException {
        long start = System.nanoTime();
        BuildEvents events = MaskedEvents.of(told, options.mask());
        Secrets secrets = Secrets.resolve(request);
        BaseSteps bases = new BaseSteps(images, request.identity(), sandbox.kind(), sandbox.facts());
        Store store = sessions.open();
        Headroom headroom = new Headroom(shared, options.space(), cancellation);
        StepsRunner steps = new StepsRunner(store, locks, sandbox, events, options, headroom);
        BuildVisitor.Equipment equipment = new BuildVisitor.Equipment(store, bases, copies, contextFiles, steps);
        Cancellation inner = new Cancellation();
        StagesRunner stages = new StagesRunner(options, events, inner, (path, spec, builds) -> {
            BuildVisitor visitor = new BuildVisitor(request, path, builds, equipment, events, inner);
            return new StageWalk(request, secrets, path, visitor).walk(spec).known();
        });
        Optional<SnapshotId> id = Optional.empty();
        String message = "";
        Cancellation.Registration link =
                cancellation.onCancel(() -> inner.cancel(cancellation.reason().orElseThrow()));
        try {
            id = Optional.of(stages.run(request.spec()));
        } catch (BuildException e) {
            message = e.getMessage();
        } finally {
            link.close();
            // While it still holds what it has made.
            headroom.end();
            headroom.news().forEach(line -> events.note(StagePath.ROOT, line));
            close(store, events);
        }
        BuildOutcome.Status status = BuildOutcome.Status.SUCCEEDED;
        if (id.isEmpty() && cancellation.isCancelled()) {
            status = BuildOutcome.Status.CANCELLED;
            message = cancellation.reason().orElseThrow();
        } else if (id.isEmpty()) {
            status = BuildOutcome.Status.FAILED;
        }
        BuildOutcome outcome = new BuildOutcome(
                status, id, message, steps.steps(), steps.hits(), Duration.ofNanos(System.nanoTime() - start));
        events.buildFinished(outcome);
        return outcome;
    }

    private static void close(Store session, BuildEvents events) {
        try {
            session.close();
        } catch (IOException e) {
            events.note(StagePath.ROOT, "could not let go of the snapshots: " + e.getMessage());
        }
    }
}
