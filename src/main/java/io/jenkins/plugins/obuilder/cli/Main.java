package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.FileReasons;
import io.jenkins.plugins.obuilder.spec.SpecException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** The {@code obuilder} command. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.setProperty(LastingLog.PROPERTY, LastingLog.class.getName());
        WarmUp.start(args);
        Running running = Running.withSignals();
        int exit;
        try {
            exit = run(running, args);
        } finally {
            running.finished();
        }
        System.exit(exit);
    }

    /** Runs one command line to its end, and says with which exit status the process should end. */
    static int run(Running running, String... args) {
        PrintStream err = running.err();
        CommandLine command = ObuilderCommand.commandLine(running, args)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setUsageHelpAutoWidth(true)
                .setOut(new PrintWriter(running.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((exception, arguments) -> {
                    UsageMessages.tell(exception, err);
                    return ExitCodes.USAGE;
                })
                .setExecutionExceptionHandler((exception, at, result) -> report(running, exception));
        return command.execute(args);
    }

    /** Tells what went wrong, and says with which exit status the process should end. */
    static int report(Running running, Exception exception) {
        PrintStream err = running.err();
        if (running.debug()) {
            exception.printStackTrace(err);
        }
        if (exception instanceof UserException user) {
            err.println("obuilder: " + user.getMessage());
            return user.exitCode();
        }
        if (exception instanceof SpecException) {
            err.println(exception.getMessage());
            return ExitCodes.USAGE;
        }
        if (exception instanceof IOException failure) {
            err.println("obuilder: " + FileReasons.withFile(failure));
            return ExitCodes.FAILED;
        }
        err.println("obuilder: this is a bug in obuilder, please report it: " + exception
                + (running.debug() ? "" : " (OBUILDER_DEBUG=1 prints where)"));
        return ExitCodes.BUG;
    }
}
