package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.HostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A profile for {@code sandbox-exec}: all may be read but the store and other people's homes, and only what is the step's own be written.
 * An option, since it cannot nest: a build that uses it itself (SwiftPM, xcodebuild, Homebrew from source) fails in it. Rules in the order
 * that Bazel's {@code DarwinSandboxedSpawnRunner} has them: the unfiltered deny before its exceptions.
 */
final class Seatbelt {
    private Seatbelt() {}

    /**
     * The profile.
     *
     * @param writable real paths, without links: {@code /private/tmp} rather than {@code /tmp}
     * @param unreadable real paths
     */
    static String profile(List<Path> writable, List<Path> unreadable, boolean network) throws HostException {
        List<String> lines = new ArrayList<>(List.of("(version 1)", "(allow default)"));
        if (!network) {
            lines.add("(deny network*)");
            lines.add("(allow network-bind (local ip \"*:*\"))");
            lines.add("(allow network-inbound (local ip \"localhost:*\"))");
            lines.add("(allow network* (remote ip \"localhost:*\"))");
            lines.add("(allow network* (local unix-socket))");
            lines.add("(allow network* (remote unix-socket))");
        }
        lines.add("(deny file-write*)");
        for (Path path : writable) {
            lines.add("(allow file-write* (subpath " + quoted(path) + "))");
        }
        lines.add("(allow file-write* (subpath \"/dev\"))");
        for (Path path : unreadable) {
            lines.add("(deny file-read* (subpath " + quoted(path) + "))");
        }
        return String.join("\n", lines) + "\n";
    }

    private static String quoted(Path path) throws HostException {
        String text = path.toString();
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            throw new HostException("a path with a newline cannot stand in a sandbox profile: " + path);
        }
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
