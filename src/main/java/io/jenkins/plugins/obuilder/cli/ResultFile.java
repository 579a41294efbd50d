package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.BuildOutcome;
import io.jenkins.plugins.obuilder.engine.JsonEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import picocli.CommandLine.Option;

/** The option for a file with the result. */
final class ResultFile {
    @Option(
            names = "--result",
            paramLabel = "FILE",
            description =
                    "Write the result there as JSON: status, id or message, steps, hits, ms. It appears whole, at the end.")
    private Path file;

    void write(BuildOutcome outcome) throws IOException {
        write(JsonEvents.resultFile(outcome));
    }

    /** @param json the result, whole */
    void write(byte[] json) throws IOException {
        if (file == null) {
            return;
        }
        Path whole = file.toAbsolutePath();
        Path draft = whole.resolveSibling(
                whole.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.write(draft, json);
            Files.move(draft, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(draft);
            throw new IOException("cannot write the result to " + file + ": " + Reasons.of(e), e);
        }
    }
}
