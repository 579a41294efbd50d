package io.jenkins.plugins.obuilder.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Which options of a build a caller without root's rights may say to the root side. None of them names a file. */
final class CallersOptions {
    /** What root takes, and compares with what its configuration allows. */
    static final Set<String> TAKEN = Set.of(
            "--sandbox",
            "--fast-sync",
            "--memory",
            "--pids",
            "--cpus",
            "--max-output",
            "--disk",
            "--step-timeout",
            SpaceOptions.KEEP_FREE,
            SpaceOptions.MIN_FREE,
            "--timeout",
            "--parallel",
            "--keep-going",
            "--base-identity",
            "--events");

    /** What the caller does itself, or says otherwise. */
    private static final Set<String> OWN =
            Set.of("--file", "--spec-name", "--secret", "--result", "--image", "--store", "--wrapper", "--request");

    private CallersOptions() {}

    /** Those of a command line that are root's to know, each {@code --NAME} or {@code --NAME=VALUE}. */
    static List<String> of(ParseResult commandLine) throws UserException {
        List<String> options = new ArrayList<>();
        for (OptionSpec option : commandLine.matchedOptions()) {
            String name = option.longestName();
            if (TAKEN.contains(name)) {
                if (option.arity().max() == 0) {
                    options.add(name);
                } else {
                    option.originalStringValues().forEach(value -> options.add(name + "=" + value));
                }
            } else if (!OWN.contains(name)) {
                throw UserException.usage(
                        name + " is the administrator's to set where the build runs as another user: write"
                                + " \"option = " + name + "=…\" into the configuration of the root side");
            }
        }
        return options;
    }

    /** Reads what came over the pipe: no {@code @FILE}, no variables, no abbreviations, so a value is a value. */
    static void parse(List<String> arguments, Object into) throws UserException {
        try {
            new CommandLine(into)
                    .setExpandAtFiles(false)
                    .setInterpolateVariables(false)
                    .setAbbreviatedOptionsAllowed(false)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            throw UserException.usage(e.getMessage(), e);
        }
    }

    /** The name of an option as root gets it. */
    static String name(String option) {
        int equals = option.indexOf('=');
        return equals < 0 ? option : option.substring(0, equals);
    }
}
