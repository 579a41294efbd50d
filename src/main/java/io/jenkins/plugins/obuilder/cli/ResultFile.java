package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.BuildOutcome;
import io.jenkins.plugins.obuilder.engine.JsonEvents;
import io.jenkins.plugins.obuilder.host.FileReasons;
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

    /** Finds out before a long build, not after it, that there is no place for its result. */
    void check() throws UserException {
        if (file == null) {
            return;
        }
        Path directory = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            throw UserException.usage("--result " + file + ": it is a directory; name a file");
        }
        if (!Files.isDirectory(directory)) {
            throw UserException.usage("--result " + file + ": there is no directory " + directory + "; make it first");
        }
    }

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
            throw new IOException("cannot write the result to " + file + ": " + FileReasons.of(e), e);
        }
    }
}
