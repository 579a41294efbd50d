package io.jenkins.plugins.obuilder.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The files in a control directory, through which the engine and those who follow it meet; run-engine.sh writes some of them. */
final class ControlFiles {
    /** The engine's standard input. */
    static final String INPUT = "input";

    /** What the engine prints. */
    static final String LOG = "log";

    /** The process of run-engine.sh. */
    static final String WRAPPER = "wrapper";

    /** The number of the engine's process. */
    static final String ENGINE = "engine";

    /** The engine's exit status, once it has ended. */
    static final String STATUS = "status";

    /** What the engine says of its result, once it has ended. */
    static final String RESULT = "result.json";

    private ControlFiles() {}

    /** The trimmed contents of a file that appears whole; empty when it is not there yet. */
    static Optional<String> read(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(Files.readString(file).trim()) : Optional.empty();
    }

    /** Writes a file that appears whole. */
    static void replace(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
