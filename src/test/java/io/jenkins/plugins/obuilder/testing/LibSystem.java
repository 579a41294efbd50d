package io.jenkins.plugins.obuilder.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A library that stands in for macOS' libSystem ({@code src/test/c/libsystem.c}). */
public final class LibSystem {
    /** As the engine's host package calls it. */
    private static final String PROPERTY = "obuilder.libsystem";

    private LibSystem() {}

    /** Compiles it. */
    public static Path compile(Path directory, String... options) throws IOException {
        Path library = directory.resolve("libsystem.so");
        List<String> command = new ArrayList<>(List.of("cc", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"));
        command.addAll(List.of(options));
        command.addAll(List.of("-fvisibility=hidden", "-o", library.toString(), "src/test/c/libsystem.c", "-ldl"));
        Tools.run(Path.of("").toAbsolutePath(), command.toArray(String[]::new));
        return library;
    }

    /** Lets this JVM's calls of Darwin go to it from now on. */
    public static synchronized void use() throws IOException {
        if (System.getProperty(PROPERTY) == null) {
            Path directory = Files.createTempDirectory("libsystem-");
            Path library = compile(directory);
            System.setProperty(PROPERTY, library.toString());
            library.toFile().deleteOnExit();
            directory.toFile().deleteOnExit();
        }
    }

    /** What makes a JVM take its kernel for Darwin. */
    public static List<String> jvmOptions(Path library) {
        return List.of("-Dobuilder.kernel=darwin", "-D" + PROPERTY + "=" + library);
    }
}
