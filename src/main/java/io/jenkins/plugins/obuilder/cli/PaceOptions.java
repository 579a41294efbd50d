package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.BuildOptions;
import io.jenkins.plugins.obuilder.engine.SecretMask;
import io.jenkins.plugins.obuilder.engine.StepLimits;
import io.jenkins.plugins.obuilder.store.SpaceLimits;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The options that say how much a build does at once, and how long it goes on. */
final class PaceOptions {
    @Option(
            names = "--parallel",
            paramLabel = "N",
            description =
                    "How many steps may run at once (default: 4, or twice the number of processors if that is more).")
    private Integer parallel;

    @Option(
            names = "--keep-going",
            description = "After a failure, go on with nested builds that do not need what failed.")
    private boolean keepGoing;

    /** @param most how many steps may run at once at most; empty: as many as the option says */
    BuildOptions options(StepLimits limits, SecretMask mask, OptionalInt most) throws UserException {
        if (parallel != null && parallel < 1) {
            throw UserException.usage("--parallel " + parallel + ": at least one step must be able to run");
        }
        int wanted = parallel == null ? BuildOptions.defaults().parallel() : parallel;
        return new BuildOptions(Math.min(wanted, most.orElse(wanted)), keepGoing, limits, mask, SpaceLimits.NONE);
    }
}
