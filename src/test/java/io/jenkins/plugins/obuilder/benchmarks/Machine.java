package io.jenkins.plugins.obuilder.benchmarks;

import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the figures were measured on. */
final class Machine {
    private Machine() {}

    static String describe() throws IOException {
        Path root = Path.of("/");
        String processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse(System.getProperty("os.arch"));
        return Runtime.getRuntime().availableProcessors() + " processors (" + processor + "), Linux "
                + System.getProperty("os.version") + ", "
                + Tools.run(root, "sh", "-c", "df --output=fstype " + System.getProperty("java.io.tmpdir"))
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElse("?")
                + ", Java " + System.getProperty("java.version") + ", "
                + Tools.run(root, "runc", "--version").lines().findFirst().orElse("?") + ", load "
                + Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }
}
