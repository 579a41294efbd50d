package io.jenkins.plugins.obuilder.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Lines on standard output. */
final class Console {
    private Console() {}

    static void println(Running running, String line) {
        print(running, line + "\n");
    }

    static void print(Running running, String text) {
        try {
            running.out().write(text.getBytes(StandardCharsets.UTF_8));
            running.out().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("standard output reports no errors", e);
        }
    }
}
