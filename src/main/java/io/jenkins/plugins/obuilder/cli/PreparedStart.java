package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.ProcessDirectory;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * An archive of the classes that a build loads, as the JVM has them in memory. The JVM itself sees that it is of this jar and of this Java,
 * and does without when it is not. The file gets its name when it is whole, so several processes may make it at once.
 */
final class PreparedStart {
    static final String ARCHIVE = "classes.jsa";

    /** A little of all that builds do. Its last step fails: there is nothing in the image to run. */
    private static final String SPEC = """
            ((build nested ((from empty) (env A b) (copy (src .) (dst /d/))))
             (from empty) (workdir /w) (shell /bin/sh -c)
             (copy (from (build nested)) (src d) (dst e))
             (run (cache (c (target /c))) (network host) (shell true)))
            """;

    private final Commands commands = new SystemCommands();
    private final Path java;
    private final Path jar;
    private final Path directory;
    private final Cancellation cancellation;

    /** For the Java that runs this. */
    PreparedStart(Path jar, Path directory, Cancellation cancellation) {
        this(Path.of(System.getProperty("java.home")), jar, directory, cancellation);
    }

    /** @param home of the Java that it is for */
    PreparedStart(Path home, Path jar, Path directory, Cancellation cancellation) {
        java = home.resolve("bin").resolve("java");
        this.jar = jar;
        this.directory = directory;
        this.cancellation = cancellation;
    }

    /** The jar that this class comes from; empty when it comes from a directory. */
    static Optional<Path> jar() {
        URL place = PreparedStart.class.getProtectionDomain().getCodeSource().getLocation();
        try {
            return Optional.of(Path.of(place.toURI())).filter(Files::isRegularFile);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class loader's place is no URI: " + place, e);
        }
    }

    void make() throws IOException {
        Files.createDirectories(directory);
        Path scratch = Files.createTempDirectory(directory, "new");
        try {
            Path classes = Files.write(scratch.resolve("classes"), classes(train(scratch)));
            Path archive = scratch.resolve(ARCHIVE);
            commands.run(command("make an archive of the engine's classes", "-Xshare:dump", "-XX:+UseG1GC")
                    .args("-XX:SharedClassListFile=" + classes, "-XX:SharedArchiveFile=" + archive, "-cp")
                    .arg(jar));
            Files.move(archive, directory.resolve(ARCHIVE), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            ProcessDirectory.deleteTree(scratch);
        }
    }

    /** The JDK takes the encoding of file names, such as the jar's, from the locale alone. */
    private HostCommand command(String doing, String... options) {
        return HostCommand.of(doing, java.toString())
                .args(options)
                .args("-Xlog:disable")
                .env("LC_ALL", "C.UTF-8")
                .cancelledBy(cancellation);
    }

    /**
     * Two builds, the second of what is there. They may fail, as without root: what is loaded until then counts, too.
     *
     * @return the files that say what each loaded
     */
    private List<Path> train(Path scratch) throws IOException {
        Path base = Files.createDirectory(scratch.resolve("base"));
        Path context = Files.createDirectory(scratch.resolve("context"));
        Files.writeString(context.resolve("file"), "");
        Path spec = Files.writeString(scratch.resolve("spec"), SPEC);
        List<Path> loaded = new ArrayList<>();
        for (String events : List.of("text", "jsonl")) {
            loaded.add(scratch.resolve("classes-" + events));
            commands.execute(command(
                            "load the engine's classes", "-XX:DumpLoadedClassList=" + loaded.get(loaded.size() - 1))
                    .args("-Djava.io.tmpdir=" + scratch, "-jar")
                    .arg(jar)
                    .args("build", "--file", spec.toString(), "--store", "overlayfs:" + scratch.resolve("store"))
                    .args("--events", events, "--image", "empty=dir:" + base, context.toString()));
        }
        return loaded;
    }

    /** What training loaded, and what else is ours. Classes that cannot be archived are left out by the JVM. */
    private List<String> classes(List<Path> trained) throws IOException {
        Set<String> lines = new LinkedHashSet<>();
        for (Path list : trained) {
            if (Files.exists(list)) {
                // Numbers are of one list; only classes of foreign loaders, of which there are none, need them.
                Files.readAllLines(list, StandardCharsets.UTF_8)
                        .forEach(line -> lines.add(line.replaceFirst(" id: \\d+$", "")));
            }
        }
        try (JarFile entries = new JarFile(jar.toFile());
                Stream<String> names = entries.stream().map(entry -> entry.getName())) {
            names.filter(name -> name.startsWith("io/jenkins/") && name.endsWith(".class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .filter(name -> !name.endsWith("package-info"))
                    .forEach(lines::add);
        }
        return List.copyOf(lines);
    }
}
