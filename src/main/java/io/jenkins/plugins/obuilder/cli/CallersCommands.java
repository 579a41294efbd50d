package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Which commands besides a build a caller without root's rights may have done by the root side, and which of their options it may say.
 * None of them names a file.
 */
final class CallersCommands {
    private static final String LOG = "log";

    /** @param options that the caller may say */
    private record Taken(Supplier<StoreCommand> make, Set<String> options) {}

    private static final Map<String, Taken> TAKEN = Map.of(
            "ls",
            new Taken(LsCommand::new, Set.of("--json")),
            "df",
            new Taken(DfCommand::new, Set.of("--json")),
            LOG,
            new Taken(LogCommand::new, Set.of()),
            "doctor",
            new Taken(DoctorCommand::new, Set.of("--json")),
            "prune",
            new Taken(
                    PruneCommand::new,
                    Set.of(
                            PruneCommand.BEFORE,
                            PruneCommand.MAX_ITEMS,
                            SpaceOptions.KEEP_FREE,
                            PruneCommand.LIMIT,
                            "--dry-run",
                            "--json")));

    /** What the caller says otherwise. */
    private static final Set<String> OWN = Set.of("--store", "--wrapper");

    private CallersCommands() {}

    /** What of a command line is root's to know: {@code --NAME}, {@code --NAME=VALUE}, an id. */
    static List<String> arguments(ParseResult commandLine) throws UserException {
        Set<String> taken = TAKEN.get(commandLine.commandSpec().name()).options();
        List<String> arguments = new ArrayList<>();
        for (OptionSpec option : commandLine.matchedOptions()) {
            String name = option.longestName();
            if (taken.contains(name)) {
                arguments.add(option.arity().max() == 0 ? name : name + "=" + value(name, option));
            } else if (!OWN.contains(name)) {
                throw UserException.usage(name + " is the administrator's to say, as root");
            }
        }
        commandLine
                .matchedPositionals()
                .forEach(id -> arguments.add(id.getValue().toString()));
        return arguments;
    }

    /** The caller may live in another time zone than root. */
    private static String value(String name, OptionSpec option) throws UserException {
        String value = option.originalStringValues().get(0);
        return name.equals(PruneCommand.BEFORE) ? Moments.parse(name, value).toString() : value;
    }

    /**
     * The command that came over the pipe: each argument is looked at before anything takes it for a command line.
     *
     * @throws UserException when it is none that a caller may have done
     */
    static StoreCommand parse(String command, List<String> arguments) throws UserException {
        Taken taken = TAKEN.get(command);
        if (taken == null) {
            throw UserException.usage("the command " + command + " is not a caller's to have done: build, "
                    + String.join(", ", new TreeSet<>(TAKEN.keySet())) + " are");
        }
        for (String argument : arguments) {
            boolean id = command.equals(LOG) && SnapshotId.isForm(argument);
            if (!id && !taken.options().contains(CallersOptions.name(argument))) {
                throw UserException.usage("the argument " + argument + " is not a caller's to say");
            }
        }
        StoreCommand parsed = taken.make().get();
        CallersOptions.parse(arguments, parsed);
        return parsed;
    }
}
