package io.jenkins.plugins.obuilder.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code obuilder}: the command that the others belong to. */
@Command(
        name = "obuilder",
        description =
                "Builds with a memory: runs a spec step by step in a sandbox, and keeps every result as a snapshot.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        subcommands = {
            BuildCommand.class,
            PlanCommand.class,
            LogCommand.class,
            LsCommand.class,
            DfCommand.class,
            PruneCommand.class,
            DeleteCommand.class,
            CleanCommand.class,
            DockerfileCommand.class,
            HealthcheckCommand.class,
            DoctorCommand.class,
            MacosCommand.class,
            ObuilderfsCommand.class,
            InstallCommand.class,
            UninstallCommand.class,
            ServeCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "Exit status: 0 success, 1 failure, 2 a mistake in the command line or the spec, 124 --timeout,",
            "128 + n signal n. OBUILDER_DEBUG=1 prints where an error comes from."
        })
final class ObuilderCommand implements Runnable {
    private final Running running;

    @Spec
    private CommandSpec spec;

    ObuilderCommand(Running running) {
        this.running = running;
    }

    Running running() {
        return running;
    }

    @Override
    public void run() {
        throw new ParameterException(
                new CommandLine(this),
                "which command? (" + String.join(", ", spec.subcommands().keySet()) + ")");
    }
}
