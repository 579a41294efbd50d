package io.jenkins.plugins.obuilder.macos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** A test on an emulated Mac that is turned on once for all of the class, with a base image {@code base} and a store of its own each. */
@Needs({Need.PRIVATE_ROOT, Need.EMULATED_MAC, Need.RSYNC})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MacTest {
    EmulatedMac mac;
    private Path directory;
    private int tests;

    @BeforeAll
    void turnOn() throws IOException {
        directory = Files.createTempDirectory("mac-");
        mac = EmulatedMac.start(directory);
        mac.must("""
                mkdir -p /Users/base
                echo 'export PATH=/opt/homebrew/bin:$PATH FROM_PROFILE=yes' > /Users/base/.obuilder_profile.sh
                """);
    }

    @AfterAll
    void turnOff() throws IOException {
        if (mac != null) {
            mac.close();
            EmulatedMac.remove(directory);
        }
    }

    @BeforeEach
    void next() {
        tests++;
    }

    /** Builds that a test which failed has left running would make the others fail, too. */
    @AfterEach
    void nothingIsLeft() throws IOException {
        String left = MacState.leftovers(mac);
        if (!left.isEmpty()) {
            mac.sh("pkill -9 java; sleep 0.3; ./obuilder macos . --store=" + store()
                    + " -f example.macos.spec --accounts 6000-6099");
        }
        assertThat(left).isEmpty();
    }

    /** The test's own store. */
    String store() {
        return "rsync:/Volumes/store" + tests;
    }

    /** A command line that builds a spec. */
    String build(String spec, String... options) throws IOException {
        Path file = Files.createTempFile(mac.file("/obuilder"), "test-", ".spec");
        Files.writeString(file, spec);
        return "./obuilder macos . --store=" + store() + " -f " + file.getFileName() + " " + String.join(" ", options);
    }

    /** A spec of these operations, from the base. */
    static String spec(String... operations) {
        return "((from base)\n " + String.join("\n ", operations) + ")";
    }

    /** An operation that runs a command of bash. */
    static String run(String command) {
        return "(run (shell " + quoted(command) + "))";
    }

    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    /** Builds a spec that must succeed without a complaint. Returns what its commands printed. */
    String output(String spec, String... options) throws IOException {
        EmulatedMac.Result result =
                mac.sh(build(spec, options) + " --events jsonl").mustSucceed();
        if (!result.err().isEmpty()) {
            throw new AssertionError("it complains: " + result.err());
        }
        StringBuilder output = new StringBuilder();
        for (String line : result.lines()) {
            Map<String, Object> event = JSON.std.mapFrom(line);
            if (event.get("event").equals("output")) {
                output.append(event.get("text"));
            }
        }
        return output.toString();
    }
}
