package io.jenkins.plugins.obuilder.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.util.List;

/**
 * What a command that ended by itself left.
 *
 * @param status its exit status; 128 + n when signal n ended it
 * @param output its standard output (at most {@link SystemCommands#OUTPUT_CAP} bytes), empty when it was streamed
 * @param errors the end of its standard error, empty when it was streamed
 */
public record CommandResult(int status, byte[] output, byte[] errors) {

    /** A result whose output is this text. */
    public static CommandResult of(int status, String output, String errors) {
        return new CommandResult(status, output.getBytes(UTF_8), errors.getBytes(UTF_8));
    }

    public boolean succeeded() {
        return status == 0;
    }

    /** The output as text without the newline at its end. */
    public String text() {
        return new String(output, UTF_8).stripTrailing();
    }

    /** The lines of the output as byte strings. */
    public List<String> lines() {
        return Bytes.of(output).lines().toList();
    }

    public String errorText() {
        return new String(errors, UTF_8).strip();
    }

    /** What it said, for a message: its errors, or else the end of its output. */
    public String complaint() {
        String said = errors.length > 0 ? errorText() : text();
        String end = said.length() <= 2000 ? said : "…" + said.substring(said.length() - 2000);
        return end.isBlank() ? "it said nothing" : end.strip();
    }

    /** How it ended, in words. */
    public String ending() {
        return status > 128 && status <= 128 + 64
                ? "exit status " + status + " (signal " + (status - 128) + ")"
                : "exit status " + status;
    }
}
