package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.time.Duration;
import java.util.Optional;

/**
 * How a build ended.
 *
 * @param id the result's snapshot, when it succeeded
 * @param message what went wrong, for the user; empty when nothing did
 * @param steps how many {@code from}, {@code run} and {@code copy} steps were finished, nested builds' included
 * @param hits how many of these were there before the build began
 */
public record BuildOutcome(
        Status status, Optional<SnapshotId> id, String message, int steps, int hits, Duration duration) {
    /** The ways a build ends. */
    public enum Status {
        SUCCEEDED,
        FAILED,
        CANCELLED
    }

    /** Of a build that could not begin. */
    public static BuildOutcome notBegun(String message) {
        return new BuildOutcome(Status.FAILED, Optional.empty(), message, 0, 0, Duration.ZERO);
    }
}
