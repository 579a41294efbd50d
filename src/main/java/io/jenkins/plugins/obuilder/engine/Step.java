package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Consumer;

/** A step that makes a snapshot: its id, and how it is made. */
interface Step {
    String UNIX_USERS_ONLY = "(user (name …)) is for Windows containers: say (user (uid N) (gid N))";

    StepId id();

    /** The snapshot it is made on; empty for a base image. */
    Optional<SnapshotId> base();

    /**
     * Makes it. The draft is committed when this returns.
     *
     * @throws StepFailedException when the command failed
     * @throws IOException when something else did; the message is for the user
     */
    void make(Store.Draft draft, Workshop workshop) throws IOException;

    /**
     * What a step is made with.
     *
     * @param log the step's saved log, which the reader of the build sees too
     * @param progress lines that are shown now but not saved
     * @param limits of a command
     * @param clearUp closes what a step has used; an error there is told, but does not fail the step
     */
    record Workshop(
            Store store,
            Sandbox sandbox,
            OutputStream log,
            Consumer<String> progress,
            Consumer<Closeable> clearUp,
            StepLimits limits,
            Cancellation cancellation) {}
}
