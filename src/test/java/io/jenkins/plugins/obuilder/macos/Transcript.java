package io.jenkins.plugins.obuilder.macos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The commands that an engine has run, beside those that are written down in {@code src/test/resources/macos}. */
final class Transcript {
    /** What an engine must be told, so that {@link #check} finds them. */
    static final String LOG = "--log-commands /Library/commands.log";

    private static final Path GOLDEN = Path.of("src/test/resources/macos");

    /** Most commands in a row that are repeated as long as something does not die. */
    private static final int LONGEST_ROUND = 4;

    private Transcript() {}

    static void check(EmulatedMac mac, String flow) throws IOException {
        Path actual = Path.of("target/macos").resolve(flow);
        Files.createDirectories(actual.getParent());
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(mac.file("/Library/commands.log"))) {
            String normal = normal(line);
            // How often it is looked whether a killed process has gone, or what is busy is tried, is chance.
            if (!lines.isEmpty() && command(lines.get(lines.size() - 1)).equals(command(normal))) {
                lines.remove(lines.size() - 1);
            }
            lines.add(normal);
            dropRepeatedRound(lines);
        }
        String commands = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        Files.writeString(actual, commands);
        mac.must("rm /Library/commands.log");
        List<String> expected = Files.readAllLines(GOLDEN.resolve(flow)).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        assertThat(commands.lines()).as("the commands are in " + actual).isEqualTo(expected);
    }

    private static String command(String line) {
        return line.substring(0, line.lastIndexOf("   # "));
    }

    /** Killing is tried in rounds. */
    private static void dropRepeatedRound(List<String> lines) {
        for (int length = 2; length <= LONGEST_ROUND && 2 * length <= lines.size(); length++) {
            List<String> last = lines.subList(lines.size() - length, lines.size());
            if (last.get(0).startsWith("pkill ")
                    && last.equals(lines.subList(lines.size() - 2 * length, lines.size() - length))) {
                last.clear();
                return;
            }
        }
    }

    /** Without what differs from run to run, and with the script of each step by its name. */
    private static String normal(String line) {
        String script;
        try {
            script = Files.readString(GOLDEN.resolve("step-script.sh"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return line.replace(script.replace("\n", "\\n"), "step-script.sh")
                .replaceAll(", [0-9]+ ms$", "")
                .replaceAll("/Volumes/store[0-9]+", "/Volumes/store")
                .replaceAll("[0-9a-f]{64}", "ID")
                .replaceAll("([/=]|@old-)[0-9a-f]{12}-[0-9]+", "$1DRAFT")
                .replaceAll("[^ ]*/bin/java ", "java ")
                .replaceAll(" -cp [^ ]*", " -cp JARS")
                .replaceAll("pfctl -X [0-9]+", "pfctl -X TOKEN");
    }
}
