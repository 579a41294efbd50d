package io.jenkins.plugins.obuilder.testing;

import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs real tools for tests. */
public final class Tools {
    private static final SystemCommands COMMANDS = new SystemCommands();

    private Tools() {}

    /** Runs a program and insists on exit status 0. Returns its output as a byte string. */
    public static String run(Path directory, String... argv) throws HostException {
        return Bytes.of(COMMANDS.run(command(directory, argv)).output());
    }

    /** Runs a shell script of bytes: names need not be UTF-8. */
    public static void script(Path directory, String byteString) throws HostException {
        COMMANDS.run(command(directory, "sh", "-eu").input(Bytes.toBytes(byteString)));
    }

    /** A byte string as one word of a shell script. */
    public static String quoted(String byteString) {
        return "'" + byteString.replace("'", "'\\''") + "'";
    }

    private static HostCommand command(Path directory, String... argv) {
        return HostCommand.of("run a tool for a test", argv).in(directory).within(Duration.ofMinutes(5));
    }

    /** The files that are mapped into the memory of the processes that have this in their command lines. */
    public static List<String> mappedBy(String commandLine) throws IOException {
        List<String> mapped = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (read(process.resolve("cmdline")).replace('\0', ' ').contains(commandLine)) {
                    read(process.resolve("maps"))
                            .lines()
                            .map(line -> line.replaceFirst("^[^/]*", ""))
                            .forEach(mapped::add);
                }
            }
        }
        return mapped;
    }

    /** A file of a process, which may have ended meanwhile. */
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
