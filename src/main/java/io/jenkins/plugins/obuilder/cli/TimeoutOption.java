package io.jenkins.plugins.obuilder.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The option that bounds a build's time. */
final class TimeoutOption {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})([smh]?)");

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "Cancel the build after this time: 90 or 90s, 15m, 2h. The exit status is then 124.")
    private String limit;

    /** Starts the clock. */
    void start(Running running) throws UserException {
        if (limit != null) {
            start(running, parse("--timeout", limit), "--timeout " + limit);
        }
    }

    /** What it says. */
    Optional<Duration> time() throws UserException {
        return limit == null ? Optional.empty() : Optional.of(parse("--timeout", limit));
    }

    /** Starts the clock for this time, which messages call so. */
    static void start(Running running, Duration time, String shown) {
        Thread clock = new Thread(
                () -> {
                    try {
                        Thread.sleep(time.toMillis());
                        running.cancel(ExitCodes.TIMEOUT, "it took longer than " + shown);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "timeout");
        clock.setDaemon(true);
        clock.start();
    }

    /** The time that an option's text says. */
    static Duration parse(String option, String text) throws UserException {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw UserException.usage(option + " " + text + ": write 90 or 90s, 15m, 2h");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofSeconds(number);
        };
    }
}
