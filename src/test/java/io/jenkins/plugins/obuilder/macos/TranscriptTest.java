package io.jenkins.plugins.obuilder.macos;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every command of macOS in every flow, as it is written down in {@code src/test/resources/macos}, each with its source: for a reader with a
 * Mac to check, and a reason to think again for whoever changes one.
 */
class TranscriptTest extends MacTest {
    private static final String LOG = Transcript.LOG;

    @BeforeAll
    void makeBase() throws IOException {
        mac.must("mkdir -p /Users/brewed/local; touch /Users/brewed/.obuilder_profile.sh; echo token > /Library/token");
    }

    private void check(String flow) throws IOException {
        Transcript.check(mac, flow);
    }

    @Test
    void aStep() throws IOException {
        // What the reference's older versions were told changes nothing of this.
        output(
                "((from brewed) " + run("echo hello > /opt/homebrew/file") + ")",
                LOG,
                "--no-fuse --fallback /tmp --fuse-path /opt/homebrew");
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
    void aBuildThatIsCancelledInSandboxExec() throws IOException {
        EmulatedMac.Running build = mac.start(
                build("((from brewed) " + run("echo started; sleep 7333") + ")", LOG, "--seatbelt"), Map.of());
        build.awaitOutput("\nstarted\n");
        build.signalEngine("TERM");
        assertThat(build.join().err()).contains("cancelled");
        check("cancelled.commands");
    }

    @Test
    @Needs(Need.FUSE)
    void aStepThroughALinkOfObuilderfs() throws IOException {
        mac.must("rmdir /opt/homebrew 2> /dev/null || true");
        try {
            output(
                    "((from brewed) " + run("echo hello > /opt/homebrew/file") + ")",
                    LOG,
                    "--open-network --prefix-mode redirect");
        } finally {
            mac.must("umount /var/db/obuilder/prefix; rm /opt/homebrew");
        }
        check("redirect.commands");
    }

    @Test
    @Needs(Need.FUSE)
    void aStepThroughObuilderfsItself() throws IOException {
        try {
            output(
                    "((from brewed) " + run("echo hello > /opt/homebrew/file") + ")",
                    LOG,
                    "--open-network --prefix-mode passthrough");
        } finally {
            mac.must("umount /opt/homebrew");
        }
        check("passthrough.commands");
    }

    /** The script that the reference's walk-through has in place of its obuilderfs. */
    @Test
    void aStepWithAnObuilderfsThatIsThereAlready() throws IOException {
        mac.must(
                "mkdir -p /usr/local/bin; printf '#!/bin/sh\\n' > /usr/local/bin/obuilderfs; chmod 755 /usr/local/bin/obuilderfs");
        try {
            String spec = build(
                    "((from brewed) " + run("ls -A /opt/homebrew; echo done") + ")",
                    LOG,
                    "--open-network --prefix-mode passthrough");
            assertThat(mac.must("PATH=/usr/local/bin:$PATH " + spec)).contains("\ndone\n");
            // Root runs nothing that others could have put there.
            assertThat(mac.sh(
                                    "chmod 777 /usr/local/bin/obuilderfs; PATH=/usr/local/bin:$PATH ./obuilder healthcheck --store="
                                            + store() + " --prefix-mode passthrough")
                            .err())
                    .contains(
                            "/usr/local/bin/obuilderfs is not used: everybody may write to /usr/local/bin/obuilderfs");
        } finally {
            mac.must("rm /usr/local/bin/obuilderfs");
        }
        check("external-obuilderfs.commands");
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
        mac.must("./obuilder base list " + LOG + "; ./obuilder base check new " + LOG);
        check("base-list-and-check.commands");
        mac.must("./obuilder base delete new " + LOG);
        check("base-delete.commands");
    }

    @Test
    void aBaseFromAnArchiveWithHomebrewFromTheNetwork() throws IOException {
        // Stands where the profile of the account finds it, and brings what GitHub would send.
        mac.must("""
                mkdir -p /Library/N/bin /Library/home /usr/local/bin
                printf '#!/bin/sh\necho brew\n' > /Library/N/bin/brew; chmod 755 /Library/N/bin/brew; tar -C /Library -czf /Library/n.tgz N
                printf '#!/bin/sh\n[ "$*" = "%s" ] && cat /Library/n.tgz\n' \
                    '--fail --silent --show-error --location https://github.com/Homebrew/brew/tarball/HEAD' > /usr/local/bin/curl
                chmod 755 /usr/local/bin/curl
                touch /Library/home/.obuilder_profile.sh; tar -C /Library/home -cf /Library/home.tar .
                """);
        try {
            mac.must("./obuilder base init --homebrew --from-archive /Library/home.tar archived " + LOG);
        } finally {
            mac.must("rm /usr/local/bin/curl");
        }
        check("base-init-homebrew.commands");
        mac.must("./obuilder base delete archived");
    }

    @Test
    void aHealthCheck() throws IOException {
        mac.must("./obuilder healthcheck --store=" + store() + " " + LOG);
        check("healthcheck.commands");
    }
}
