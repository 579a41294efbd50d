package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.store.SpaceLimits;

/**
 * How a build is carried out; none of it changes an id.
 *
 * @param parallel how many steps may run at once, at least 1; with 1, stages run in the order of the spec
 * @param keepGoing whether stages that do not need a failed one are still built
 * @param limits of every command
 * @param mask hides secrets in what commands print, before it is saved or told
 * @param space what it leaves free where the store lies
 */
public record BuildOptions(int parallel, boolean keepGoing, StepLimits limits, SecretMask mask, SpaceLimits space) {
    public BuildOptions {
        if (parallel < 1) {
            throw new IllegalArgumentException("at least one step must be able to run: " + parallel);
        }
    }

    /** Hides no secrets, and fills the disk if need be. */
    public BuildOptions(int parallel, boolean keepGoing, StepLimits limits) {
        this(parallel, keepGoing, limits, SecretMask.NONE, SpaceLimits.NONE);
    }

    /** The same, but for what is left free. */
    public BuildOptions with(SpaceLimits other) {
        return new BuildOptions(parallel, keepGoing, limits, mask, other);
    }

    /** What is right when nothing else is said. */
    public static BuildOptions defaults() {
        return new BuildOptions(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()), false, StepLimits.NONE);
    }
}
