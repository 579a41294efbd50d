package io.jenkins.plugins.obuilder.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A checkout of this project, whose {@code ./obuilder} is run as a process. */
record Checkout(Path top) {
    /** The checkout that is being tested. */
    static Checkout here() {
        return new Checkout(Path.of("").toAbsolutePath());
    }

    /** Copies what the launcher needs, but nothing that was built. */
    static Checkout copyTo(Path top) throws IOException {
        Path here = here().top();
        Files.createDirectories(top);
        for (String name :
                List.of("pom.xml", "mvnw", "obuilder", "LICENSE", "NOTICE", ".mvn", "src/main", "src/jenkins-api")) {
            copy(here.resolve(name), top.resolve(name));
        }
        return new Checkout(top);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Path target = to.resolve(from.relativize(path).toString());
                if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
                    Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    /** What a process said, and how it ended. */
    record Ended(int status, String out, String err) {}

    /** A command line, before it is run. */
    static final class Call {
        private final List<String> argv = new ArrayList<>();
        private final Map<String, String> environment = new TreeMap<>();
        private Path directory = Path.of("/");

        Call(Object... argv) {
            for (Object argument : argv) {
                this.argv.add(argument.toString());
            }
            for (String name : List.of("PATH", "JAVA_HOME", "HOME", "OBUILDER_TEST_NAMESPACE")) {
                if (System.getenv(name) != null) {
                    environment.put(name, System.getenv(name));
                }
            }
        }

        Call in(Path where) {
            directory = where;
            return this;
        }

        Call with(String name, String value) {
            environment.put(name, value);
            return this;
        }

        Call without(String name) {
            environment.remove(name);
            return this;
        }

        Process start() throws IOException {
            ProcessBuilder builder = new ProcessBuilder(argv).directory(directory.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            return builder.start();
        }

        Ended run() throws IOException, InterruptedException {
            Process process = start();
            process.getOutputStream().close();
            CompletableFuture<String> out = read(process.getInputStream());
            CompletableFuture<String> err = read(process.getErrorStream());
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(argv + " does not end; it said " + out.join() + err.join());
            }
            return new Ended(process.exitValue(), out.join(), err.join());
        }

        private static CompletableFuture<String> read(InputStream stream) {
            return CompletableFuture.supplyAsync(() -> {
                try {
                    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                } catch (IOException e) {
                    return "(" + e + ")";
                }
            });
        }
    }

    /** A call of {@code ./obuilder}. */
    Call obuilder(Object... arguments) {
        Object[] argv = new Object[arguments.length + 1];
        argv[0] = top.resolve("obuilder");
        System.arraycopy(arguments, 0, argv, 1, arguments.length);
        return new Call(argv);
    }
}
