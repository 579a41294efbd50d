package io.jenkins.plugins.obuilder.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Lines on standard output. */
final class Console {
    private Console() {}

    static void println(Running running, String line) {
        try {
            running.out().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            running.out().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("standard output reports no errors", e);
        }
    }
}
