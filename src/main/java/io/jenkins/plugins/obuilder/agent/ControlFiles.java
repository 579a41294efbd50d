package io.jenkins.plugins.obuilder.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The files in a control directory, through which the engine and those who follow it meet; run-engine.sh writes some of them. */
final class ControlFiles {
    /** Somebody has begun to start the engine. */
    static final String CLAIM = "claim";

    /** What the engine prints. */
    static final String LOG = "log";

    /** The process of run-engine.sh. */
    static final String WRAPPER = "wrapper";

    /** The number of the engine's process. */
    static final String ENGINE = "engine";

    /** The engine is to stop. */
    static final String STOP = "stop";

    /** The engine's exit status, once it has ended. */
    static final String STATUS = "status";

    private ControlFiles() {}

    /** The trimmed contents of a file that appears whole; empty when it is not there yet. */
    static Optional<String> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file).trim());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Writes a file that appears whole. */
    static void replace(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
