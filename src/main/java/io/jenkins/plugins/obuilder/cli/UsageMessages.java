package io.jenkins.plugins.obuilder.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said to a mistake in a command line: what is wrong, what may have been meant, and where help is. */
final class UsageMessages {
    private UsageMessages() {}

    static void tell(ParameterException mistake, PrintStream err) {
        CommandLine at = mistake.getCommandLine();
        err.println("obuilder: " + message(mistake));
        suggest(mistake, at.getErr());
        at.getErr().flush();
        err.println("Try: " + at.getCommandSpec().qualifiedName() + " --help");
    }

    private static String message(ParameterException mistake) {
        if (!(mistake instanceof UnmatchedArgumentException unmatched)) {
            return mistake.getMessage()
                    .replaceFirst(" is not a double$", " is no number")
                    .replaceFirst(" is not an? (int|long)$", " is no whole number");
        }
        // After an unknown option its value is left over, too, which is not what is wrong.
        List<String> words = unmatched.getUnmatched();
        if (unmatched.isUnknownOption()) {
            List<String> options =
                    words.stream().filter(word -> word.startsWith("-")).toList();
            return "there is no option " + String.join(", ", options);
        }
        return isCommand(unmatched)
                ? "there is no command " + words.get(0)
                : "too many arguments: nothing is known to do with " + String.join(" ", words);
    }

    private static boolean isCommand(UnmatchedArgumentException unmatched) {
        return !unmatched.getCommandLine().getSubcommands().isEmpty();
    }

    /** Of commands only the nearest: anything that shares a few letters with the misspelt one is among the others. */
    private static void suggest(ParameterException mistake, PrintWriter err) {
        if (mistake instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()
                && !unmatched.getSuggestions().isEmpty()) {
            String parent = mistake.getCommandLine().getCommandSpec().qualifiedName();
            err.println(
                    "Did you mean: " + parent + " " + unmatched.getSuggestions().get(0) + "?");
        } else {
            UnmatchedArgumentException.printSuggestions(mistake, err);
        }
    }
}
