package io.jenkins.plugins.obuilder.macos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every command of macOS in every flow, as it is written down in {@code src/test/resources/macos}, each with its source: for a reader with a
 * Mac to check, and a reason to think again for whoever changes one.
 */
class TranscriptTest extends MacTest {
    private static final Path GOLDEN = Path.of("src/test/resources/macos");
    private static final String LOG = "--log-commands /Library/commands.log";

    @BeforeAll
    void makeBase() throws IOException {
        mac.must("mkdir -p /Users/brewed/local; touch /Users/brewed/.obuilder_profile.sh; echo token > /Library/token");
    }

    private void check(String flow) throws IOException {
        Path actual = Path.of("target/macos").resolve(flow);
        Files.createDirectories(actual.getParent());
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(mac.file("/Library/commands.log"))) {
            String normal = normal(line);
            // How often it is looked whether a killed process has gone is chance.
            if (lines.isEmpty() || !lines.get(lines.size() - 1).equals(normal)) {
                lines.add(normal);
            }
        }
        String commands = String.join("\n", lines) + "\n";
        Files.writeString(actual, commands);
        mac.must("rm /Library/commands.log");
        List<String> expected = Files.readAllLines(GOLDEN.resolve(flow)).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        assertThat(commands.lines()).as("the commands are in " + actual).isEqualTo(expected);
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
                .replaceAll("/[0-9a-f]{12}-[0-9]+", "/DRAFT")
                .replaceAll("pfctl -X [0-9]+", "pfctl -X TOKEN");
    }

    @Test
    void aStep() throws IOException {
        output("((from brewed) " + run("echo hello > /opt/homebrew/file") + ")", LOG);
        check("step.commands");
    }

    @Test
    void aStepWithTheNetworkASecretACacheAndLimits() throws IOException {
        output(
                "((from base) (run (network host) (secrets (token (target /token))) (cache (c (target /Users/mac6000/cache)))"
                        + " (shell \"cat $OBUILDER_SECRETS_DIR/token > ~/cache/token\")))",
                LOG,
                "--pids 100",
                "--seatbelt",
                "--secret token:/Library/token");
        check("step-with-all.commands");
    }

    @Test
    void aStepThatLeavesMuchBehind() throws IOException {
        output(
                "((from base) "
                        + run(
                                "(setsid sleep 7331 > /dev/null 2>&1 &) ; ipcmk -Q > /dev/null; echo '* * * * * true' > tab; crontab tab")
                        + ")",
                LOG,
                "--open-network");
        check("step-with-leftovers.commands");
    }

    @Test
    void aStoreOnAnotherVolume() throws IOException {
        mac.must("mkdir -p " + store().substring(6) + " && mount -t tmpfs tmpfs " + store().substring(6));
        output("((from brewed) " + run("echo hello > /opt/homebrew/file") + ")", LOG, "--open-network");
        mac.must("umount " + store().substring(6));
        check("other-volume.commands");
    }

    @Test
    void aStartAfterACrash() throws IOException {
        EmulatedMac.Running build = mac.start(
                build(
                        "((from base) (run (secrets (token (target /token))) (shell \"echo started; sleep 7332\")))",
                        "--secret token:/Library/token"),
                Map.of());
        build.awaitOutput("\nstarted\n");
        build.signalEngine("KILL");
        build.join();
        mac.must(build("((from base))", LOG));
        check("after-crash.commands");
    }

    @Test
    void anAccountThatIsInStaff() throws IOException {
        // As on a Mac where new users belong to it.
        mac.must("mkdir -p /private/var/db/new-users-are-staff");
        output(spec(run("id -Gn")), LOG, "--open-network");
        mac.must("rmdir /private/var/db/new-users-are-staff 2> /dev/null || true");
        check("staff.commands");
    }

    @Test
    void bases() throws IOException {
        mac.must(
                "mkdir -p /Library/H/bin; printf '#!/bin/sh\\necho brew\\n' > /Library/H/bin/brew; chmod 755 /Library/H/bin/brew;"
                        + " tar -C /Library -czf /Library/h.tgz H");
        mac.must("./obuilder base init --homebrew-archive /Library/h.tgz new " + LOG);
        check("base-init.commands");
        mac.must("./obuilder base delete new " + LOG);
        check("base-delete.commands");
    }

    @Test
    void aHealthCheck() throws IOException {
        mac.must("./obuilder healthcheck --store=" + store() + " " + LOG);
        check("healthcheck.commands");
    }
}
