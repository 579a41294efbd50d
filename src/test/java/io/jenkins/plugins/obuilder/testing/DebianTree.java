package io.jenkins.plugins.obuilder.testing;

import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The root file system of a small Debian 12, made by debootstrap once for all tests of a JVM: needs {@link Need#DEBOOTSTRAP} and {@link
 * Need#PRIVATE_ROOT}, with whose {@code /tmp} it goes.
 */
public final class DebianTree {
    private static final Pattern MIRROR =
            Pattern.compile("(?m)^(?:deb|URIs:)\\s(?:.*\\s)?(https?://\\S+/debian)/?(?:\\s|$)");
    private static final String DEFAULT_MIRROR = "http://deb.debian.org/debian";

    private static Path made;

    private DebianTree() {}

    /** The tree; no test may change it. */
    public static synchronized Path get() throws IOException {
        if (made == null) {
            Path tree = Files.createTempDirectory("obuilder-debian").resolve("tree");
            new SystemCommands()
                    .run(HostCommand.of("make a Debian", "debootstrap", "--variant=minbase", "bookworm")
                            .arg(tree) // it cannot have blanks
                            .args(mirror())
                            .within(Duration.ofMinutes(10)));
            made = tree;
        }
        return made;
    }

    /** Why it cannot be made; empty when it can. */
    static Optional<String> whyMissing() {
        try {
            String release = mirror() + "/dists/bookworm/Release";
            return Need.command("debootstrap", "--version")
                    .or(() -> Need.command("wget", "-q", "--spider", "--tries=1", "--timeout=8", release)
                            .map(why -> "the Debian mirror cannot be reached: " + why));
        } catch (IOException e) {
            return Optional.of("cannot find out this machine's Debian mirror: " + e.getMessage());
        }
    }

    /** The one that this machine gets its own packages from, if it is a Debian. */
    private static String mirror() throws IOException {
        Path directory = Path.of("/etc/apt/sources.list.d");
        try (Stream<Path> files =
                Files.isDirectory(directory) ? Files.list(directory).sorted() : Stream.empty()) {
            List<Path> all = Stream.concat(Stream.of(Path.of("/etc/apt/sources.list")), files)
                    .filter(Files::isRegularFile)
                    .toList();
            for (Path file : all) {
                Matcher found = MIRROR.matcher(Files.readString(file));
                if (found.find()) {
                    return found.group(1);
                }
            }
        }
        return DEFAULT_MIRROR;
    }
}
