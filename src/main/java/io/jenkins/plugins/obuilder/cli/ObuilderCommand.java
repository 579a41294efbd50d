package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.CommandLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code obuilder}: the command that the others belong to. */
@Command(
        name = "obuilder",
        description =
                "Builds with a memory: runs a spec step by step in a sandbox, and keeps every result as a snapshot.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit status: 0 success, 1 failure, 2 a mistake in the command line or the spec, 124 --timeout,",
            "128 + n signal n. OBUILDER_DEBUG=1 prints where an error comes from."
        })
final class ObuilderCommand implements Runnable {
    /** In the order that help shows them. */
    private static final List<Map.Entry<String, Supplier<Object>>> COMMANDS = List.of(
            Map.entry("build", BuildCommand::new),
            Map.entry("plan", PlanCommand::new),
            Map.entry("log", LogCommand::new),
            Map.entry("ls", LsCommand::new),
            Map.entry("df", DfCommand::new),
            Map.entry("prune", PruneCommand::new),
            Map.entry("delete", DeleteCommand::new),
            Map.entry("clean", CleanCommand::new),
            Map.entry("dockerfile", DockerfileCommand::new),
            Map.entry("healthcheck", HealthcheckCommand::new),
            Map.entry("doctor", DoctorCommand::new),
            Map.entry("macos", MacosCommand::new),
            Map.entry("base", BaseCommand::new),
            Map.entry("obuilderfs", ObuilderfsCommand::new),
            Map.entry("install", InstallCommand::new),
            Map.entry("uninstall", UninstallCommand::new),
            Map.entry("serve", ServeCommand::new),
            Map.entry("prepare", PrepareCommand::new),
            Map.entry("help", HelpCommand::new));

    private final Running running;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--log-commands",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Append every command that is run to FILE, with its exit status and how long it took.")
    private void logCommands(Path file) throws IOException {
        CommandLog.appendTo(file);
    }

    ObuilderCommand(Running running) {
        this.running = running;
    }

    /**
     * The command line for these arguments. Reading the annotations of all commands takes longer than most of them: where the first argument
     * names one, there is only that.
     */
    static CommandLine commandLine(Running running, String... args) {
        CommandLine line = new CommandLine(new ObuilderCommand(running));
        String first = args.length == 0 ? "" : args[0];
        boolean one = !first.equals("help")
                && COMMANDS.stream().anyMatch(entry -> entry.getKey().equals(first));
        COMMANDS.stream()
                .filter(entry -> !one || entry.getKey().equals(first))
                .forEach(entry -> line.addSubcommand(entry.getValue().get()));
        return line;
    }

    Running running() {
        return running;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "which command? "
                        + COMMANDS.stream()
                                .map(Map.Entry::getKey)
                                .filter(name -> !spec.subcommands()
                                        .get(name)
                                        .getCommandSpec()
                                        .usageMessage()
                                        .hidden())
                                .collect(Collectors.joining(", ")));
    }
}
