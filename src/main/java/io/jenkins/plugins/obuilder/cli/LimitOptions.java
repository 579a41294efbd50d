package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.StepLimits;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.store.HumanSize;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** The options that bound what the command of each step may use. */
final class LimitOptions {
    /** A shell needs a few for its pipelines. */
    private static final int FEWEST_PIDS = 10;

    /** The kernel refuses, or kills at once, with much less. */
    private static final long LEAST_MEMORY = 8L << 20;

    private static final long LEAST_DISK = 1L << 20;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "How much memory the command of a step may use, such as 500M or 2G.")
    private String memory;

    @Option(
            names = "--pids",
            paramLabel = "N",
            description = "How many processes and threads the command of a step may have at the same time.")
    private Integer pids;

    @Option(
            names = "--cpus",
            paramLabel = "N",
            description = "How many processors' worth of time the command of a step may use, such as 1.5.")
    private Double cpus;

    @Option(
            names = "--max-output",
            paramLabel = "SIZE",
            description = "How much the command of a step may print, such as 100M.")
    private String output;

    @Option(
            names = "--step-timeout",
            paramLabel = "TIME",
            description = "How long the command of a step may take: 90 or 90s, 15m, 2h.")
    private String time;

    @Option(
            names = "--disk",
            paramLabel = "SIZE",
            description =
                    "How much of the disk the command of a step may fill, such as 20G: in the snapshot, caches and temporary files.")
    private String disk;

    ResourceLimits resources() throws UserException {
        if (pids != null && pids < FEWEST_PIDS) {
            throw UserException.usage("--pids " + pids + ": a shell alone needs up to " + FEWEST_PIDS);
        }
        if (cpus != null && !(cpus >= 0.01 && cpus <= 10_000)) {
            throw UserException.usage("--cpus " + cpus + ": write a number of processors from 0.01 on, such as 1.5");
        }
        OptionalLong bytes = memory == null ? OptionalLong.empty() : OptionalLong.of(Sizes.parse("--memory", memory));
        if (bytes.isPresent() && bytes.getAsLong() < LEAST_MEMORY) {
            throw UserException.usage(
                    "--memory " + memory + ": no command runs with less than " + HumanSize.of(LEAST_MEMORY));
        }
        return new ResourceLimits(
                bytes,
                pids == null ? OptionalInt.empty() : OptionalInt.of(pids),
                cpus == null ? OptionalDouble.empty() : OptionalDouble.of(cpus));
    }

    private OptionalLong disk() throws UserException {
        if (disk == null) {
            return OptionalLong.empty();
        }
        long bytes = Sizes.parse("--disk", disk);
        if (bytes < LEAST_DISK) {
            throw UserException.usage("--disk " + disk + ": allow " + HumanSize.of(LEAST_DISK) + " at least");
        }
        return OptionalLong.of(bytes);
    }

    StepLimits steps() throws UserException {
        return new StepLimits(
                time == null ? Optional.empty() : Optional.of(TimeoutOption.parse("--step-timeout", time)),
                output == null ? OptionalLong.empty() : OptionalLong.of(Sizes.parse("--max-output", output)),
                disk());
    }
}
