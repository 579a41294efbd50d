package io.jenkins.plugins.obuilder.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the command of one step may take at most; what is empty is not limited.
 *
 * @param time from its start to its end
 * @param output bytes that it prints
 * @param disk bytes that its root file system, caches and temporary files grow by on the disk
 */
public record StepLimits(Optional<Duration> time, OptionalLong output, OptionalLong disk) {
    public static final StepLimits NONE = new StepLimits(Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
}
