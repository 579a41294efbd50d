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
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * An archive of the classes that a build loads, as the JVM has them in memory. The JVM itself sees that it is of this jar and of this Java,
 * and does without when it is not. The file gets its name when it is whole, so several processes may make it at once.
 */
final class PreparedStart {
    private static final String ARCHIVE = "classes.jsa";
    private static final String SPEC = "((from empty) (shell /bin/sh -c))";

    private final Commands commands = new SystemCommands();
    private final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    private final Path jar;
    private final Path directory;
    private final Cancellation cancellation;

    PreparedStart(Path jar, Path directory, Cancellation cancellation) {
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
            Path classes = scratch.resolve("classes");
            train(scratch, classes);
            addClassesOfJar(classes);
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

    /** Two builds, the second of what is there. They may fail, as without root: what is loaded until then counts, too. */
    private void train(Path scratch, Path classes) throws IOException {
        Path base = Files.createDirectory(scratch.resolve("base"));
        Path spec = Files.writeString(scratch.resolve("spec"), SPEC);
        for (int i = 0; i < 2; i++) {
            commands.execute(command("load the engine's classes", "-XX:DumpLoadedClassList=" + classes)
                    .args("-Djava.io.tmpdir=" + scratch, "-jar")
                    .arg(jar)
                    .args("build", "--file", spec.toString(), "--store", "overlayfs:" + scratch.resolve("store"))
                    .args("--image", "empty=dir:" + base, scratch.toString()));
        }
    }

    /** What training did not come to, such as steps. Classes that cannot be archived are left out by the JVM. */
    private void addClassesOfJar(Path classes) throws IOException {
        try (JarFile entries = new JarFile(jar.toFile());
                Stream<String> names = entries.stream().map(entry -> entry.getName())) {
            List<String> ours = names.filter(name -> name.startsWith("io/jenkins/") && name.endsWith(".class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .filter(name -> !name.endsWith("package-info"))
                    .toList();
            Files.write(classes, ours, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }
}
