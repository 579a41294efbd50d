package io.jenkins.plugins.obuilder.boundary;

import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.OnlyRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Java that root runs. All of it must be root's: a library that somebody else can replace is root's code, too. */
public final class TrustedJava {
    private static final int OLDEST = 17;
    private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)");

    /** Where systems keep them. */
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/lib/jvm"), Path.of("/Library/Java/JavaVirtualMachines"));

    private TrustedJava() {}

    /**
     * Pins one.
     *
     * @param home its home directory
     * @return the home without links in its path
     * @throws HostException when it cannot be trusted or is too old; the message names others, if there are any
     */
    public static Path at(Path home) throws IOException {
        Optional<String> why = whyNot(home);
        if (why.isEmpty()) {
            return home.toRealPath();
        }
        List<String> others = new ArrayList<>();
        for (Path other : candidates()) {
            if (whyNot(other).isEmpty()) {
                others.add(other.toString());
            }
        }
        throw new HostException("root cannot run the Java in " + home + ": " + why.get() + "; "
                + (others.isEmpty()
                        ? "install one with the system's package manager, and name it with --java HOME"
                        : "name another one, such as --java " + String.join(" or --java ", others)));
    }

    private static Optional<String> whyNot(Path home) throws IOException {
        if (!Files.isExecutable(home.resolve("bin/java"))) {
            return Optional.of("there is no bin/java");
        }
        Path release = home.resolve("release");
        Matcher version = VERSION.matcher(Files.isReadable(release) ? Files.readString(release) : "");
        if (!version.find() || Integer.parseInt(version.group(1)) < OLDEST) {
            return Optional.of("it is not Java " + OLDEST + " or newer, as its file " + release + " should say");
        }
        return OnlyRoot.whyNotTree(home);
    }

    private static List<Path> candidates() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path place : PLACES) {
            if (!Files.isDirectory(place)) {
                continue;
            }
            try (Stream<Path> homes = Files.list(place)) {
                homes.filter(home -> !Files.isSymbolicLink(home))
                        .map(home ->
                                Files.isDirectory(home.resolve("Contents/Home")) ? home.resolve("Contents/Home") : home)
                        .filter(home -> Files.isExecutable(home.resolve("bin/java")))
                        .sorted()
                        .forEach(found::add);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        return found;
    }
}
