package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.spec.SpecException;
import io.jenkins.plugins.obuilder.spec.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names the spec. */
final class SpecFile {
    /** Far more than anybody writes, far less than memory. */
    private static final int LARGEST = 16 * 1024 * 1024;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            required = true,
            description = "The spec; - reads standard input.")
    private String file;

    @Option(
            names = "--spec-name",
            paramLabel = "NAME",
            defaultValue = "standard input",
            description = "What messages call a spec that is read from standard input (default: ${DEFAULT-VALUE}).")
    private String nameOfStandardInput;

    SpecReader.Result read() throws UserException, SpecException {
        byte[] text;
        try {
            text = file.equals("-") ? System.in.readNBytes(LARGEST + 1) : readFile(Path.of(file));
        } catch (NoSuchFileException e) {
            throw UserException.usage("there is no spec file " + file, e);
        } catch (IOException e) {
            throw UserException.usage("cannot read the spec " + file + ": " + Reasons.of(e), e);
        }
        if (text.length > LARGEST) {
            throw UserException.usage("the spec " + file + " is longer than " + LARGEST / 1024 / 1024 + " MiB");
        }
        return SpecReader.readWithSource(text, file.equals("-") ? nameOfStandardInput : file);
    }

    private static byte[] readFile(Path path) throws IOException {
        try (var in = Files.newInputStream(path)) {
            return in.readNBytes(LARGEST + 1);
        }
    }
}
