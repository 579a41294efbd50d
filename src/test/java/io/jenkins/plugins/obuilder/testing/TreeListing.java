package io.jenkins.plugins.obuilder.testing;

import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything there is to know about the files below a directory, as one line a file, so that two trees can be compared byte for byte.
 * Made by {@code find}, {@code sha256sum} and {@code getfattr}, so that it shares no code with what it judges.
 */
public final class TreeListing {
    private static final SystemCommands COMMANDS = new SystemCommands();

    private TreeListing() {}

    /**
     * By name relative to the directory (a byte string, {@code ""} for itself): type, mode, owner, modification time in nanoseconds,
     * link target, first name of its hard links, device numbers, digest of contents, extended attributes (ACLs and capabilities among
     * them).
     */
    public static SortedMap<String, String> of(Path root) throws IOException {
        return of(root, true);
    }

    /** Without the times of directories, for comparing with tools that do not keep them. */
    public static SortedMap<String, String> withoutDirectoryTimes(Path root) throws IOException {
        return of(root, false);
    }

    private static SortedMap<String, String> of(Path root, boolean directoryTimes) throws IOException {
        SortedMap<String, String> lines = new TreeMap<>();
        Map<String, String> firstOfInode = new HashMap<>();
        SortedMap<String, String[]> found = new TreeMap<>();
        String[] fields = output(root, "find", ".", "-printf", "%P\\0%y\\0%m\\0%U:%G\\0%T@\\0%i\\0%n\\0%s\\0%l\\0")
                .split("\0", -1);
        for (int i = 0; i + 8 < fields.length; i += 9) {
            found.put(fields[i], Arrays.copyOfRange(fields, i, i + 9));
        }
        found.forEach((name, f) -> {
            boolean directory = f[1].equals("d");
            String line = f[1] + " " + f[2] + " " + f[3];
            line += directory && !directoryTimes ? "" : " at " + f[4];
            line += f[1].equals("l") ? " -> " + f[8] : "";
            line += f[1].equals("f") ? " size " + f[7] : "";
            if (!directory && !f[6].equals("1")) {
                line += " same as " + firstOfInode.computeIfAbsent(f[5], inode -> name) + " (" + f[6] + ")";
            }
            lines.put(name, line);
        });
        digests(lines, output(root, "find", ".", "-type", "f", "-exec", "sha256sum", "-z", "{}", "+"));
        devices(
                lines,
                output(
                        root,
                        "find",
                        ".",
                        "(",
                        "-type",
                        "b",
                        "-o",
                        "-type",
                        "c",
                        ")",
                        "-exec",
                        "stat",
                        "--printf=%n\\0%t:%T\\0",
                        "{}",
                        "+"));
        for (String block : output(root, "getfattr", "-R", "-P", "-h", "-d", "-m", "-", "-e", "hex", ".")
                .split("\n\n")) {
            if (!block.isBlank()) {
                int end = block.indexOf('\n');
                lines.put("attributes of " + block.substring(8, end), block.substring(end + 1));
            }
        }
        return lines;
    }

    private static void digests(Map<String, String> lines, String output) {
        for (String line : output.split("\0")) {
            if (!line.isEmpty()) { // 64 digits, two blanks, "./"
                lines.merge(line.substring(68), line.substring(0, 64), (a, b) -> a + " " + b);
            }
        }
    }

    private static void devices(Map<String, String> lines, String output) {
        String[] parts = output.split("\0");
        for (int i = 0; i + 1 < parts.length; i += 2) {
            lines.merge(parts[i].substring(2), parts[i + 1], (a, b) -> a + " device " + b);
        }
    }

    private static String output(Path root, String... argv) throws IOException {
        return Bytes.of(
                COMMANDS.run(HostCommand.of("list " + root, argv).in(root).within(Duration.ofMinutes(5)))
                        .output());
    }
}
