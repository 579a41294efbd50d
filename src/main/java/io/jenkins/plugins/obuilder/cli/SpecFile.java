package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.FileReasons;
import io.jenkins.plugins.obuilder.spec.SpecException;
import io.jenkins.plugins.obuilder.spec.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that names the spec. */
final class SpecFile {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Far more than anybody writes, far less than memory. */
    private static final int LARGEST = 16 * 1024 * 1024;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "The spec; - reads standard input.")
    private String file;

    @Option(
            names = "--spec-name",
            paramLabel = "NAME",
            defaultValue = "standard input",
            description = "What messages call a spec that is read from standard input (default: ${DEFAULT-VALUE}).")
    private String nameOfStandardInput;

    /** @param request has the spec's text where a program asked for the build */
    SpecReader.Result read(Optional<StandardRequest> request) throws UserException, SpecException {
        return SpecReader.readWithSource(text(request), name(request));
    }

    /** What messages call the spec. */
    String name(Optional<StandardRequest> request) {
        return request.isPresent() || file.equals("-") ? nameOfStandardInput : file;
    }

    /** Reads the text, which can be done once. */
    byte[] text(Optional<StandardRequest> request) throws UserException {
        check(request);
        if (request.isPresent()) {
            return request.get().spec();
        }
        byte[] text;
        try {
            text = file.equals("-") ? System.in.readNBytes(LARGEST + 1) : readFile(Path.of(file));
        } catch (NoSuchFileException e) {
            throw UserException.usage("there is no spec file " + file, e);
        } catch (IOException e) {
            throw UserException.usage("cannot read the spec " + file + ": " + FileReasons.of(e), e);
        }
        if (text.length > LARGEST) {
            throw UserException.usage("the spec " + file + " is longer than " + LARGEST / 1024 / 1024 + " MiB");
        }
        return text;
    }

    /** Whether there is a spec, without reading it: before a store is made, say. */
    void check(Optional<StandardRequest> request) throws UserException {
        if (request.isPresent() && file != null) {
            throw UserException.usage("--file " + file + ": the request on standard input has the spec already");
        }
        if (request.isEmpty() && file == null) {
            throw new ParameterException(
                    command.commandLine(), "which spec? Give --file=FILE, or --file=- for standard input");
        }
    }

    private static byte[] readFile(Path path) throws IOException {
        try (var in = Files.newInputStream(path)) {
            return in.readNBytes(LARGEST + 1);
        }
    }
}
