package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.util.Optional;
import java.util.function.Function;

/**
 * The id of a step; in a plan it may hang on files that a nested build has yet to make.
 *
 * @param whyUnknown for the user; empty when the id is known
 */
public record StepId(Optional<SnapshotId> id, String whyUnknown) {
    static StepId of(SnapshotId id) {
        return new StepId(Optional.of(id), "");
    }

    static StepId unknown(String why) {
        return new StepId(Optional.empty(), why);
    }

    /** The id of what is built on this; unknown when this is. */
    StepId then(Function<SnapshotId, SnapshotId> next) {
        return id.map(known -> of(next.apply(known))).orElse(this);
    }

    /** The id, in a build, where each step was made before the next is looked at. */
    SnapshotId known() {
        return id.orElseThrow(() -> new IllegalStateException("a build met an unknown id: " + whyUnknown));
    }
}
