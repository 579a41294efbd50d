package io.jenkins.plugins.obuilder.macos;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Processes that wait in the kernel, for a file system that does not answer: nothing kills them as long as it lives. */
@Needs(Need.FUSE)
class UnkillableTest extends MacTest {
    private static final String SET_ASIDE = "6000 is set aside: cannot kill all processes of mac6000; there are still ";

    private EmulatedMac.Running fileSystem;

    @BeforeAll
    void bring() throws IOException {
        Files.copy(Path.of("src/test/sh/hanging-file-system"), mac.file("/Library/hanging-file-system"));
    }

    @BeforeEach
    void mount() throws IOException {
        fileSystem = mac.start(
                "mkdir -p /Library/hanging; exec perl /Library/hanging-file-system /Library/hanging", Map.of());
        fileSystem.awaitOutput("ready");
    }

    /** Whoever waits for it is told so, and can die. */
    @AfterEach
    void unmount() throws IOException {
        if (fileSystem.process().isAlive()) {
            fileSystem.process().descendants().forEach(ProcessHandle::destroyForcibly);
            fileSystem.join();
            mac.must("umount /Library/hanging; while pgrep -U 6000 > /dev/null; do sleep 0.05; done");
        }
    }

    private void assertThatAnotherNumberIsTakenUntilItHasGone() throws IOException {
        EmulatedMac.Result other =
                mac.sh(build(spec(run("id -u")), "--accounts 6000-6001")).mustSucceed();
        assertThat(other.out()).contains("\n6001\n");
        assertThat(other.err()).contains(SET_ASIDE);
        EmulatedMac.Result none = mac.sh(build(spec(run("echo $((1+1))"))));
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.out()).doesNotContain("\n2\n");
        assertThat(none.err())
                .contains("there is no user number for the step's account: " + SET_ASIDE)
                .contains("choose another range of numbers");

        unmount();

        EmulatedMac.Result same = mac.sh(build(spec(run("echo again; id -u")), "--accounts 6000-6001"))
                .mustSucceed();
        assertThat(same.out()).contains("again\n6000\n");
    }

    @Test
    void itsNumberIsNotUsedUntilItHasGone() throws IOException {
        // As an engine would have left it that could not kill it.
        mac.must("""
                mkdir -p /var/db/obuilder/accounts; echo 'stuck ' > /var/db/obuilder/accounts/6000.traces
                setpriv --reuid=6000 --clear-groups cat /Library/hanging/file 2> /dev/null > /dev/null &
                until [ -e /Library/hanging.asked ]; do sleep 0.02; done; pkill -9 -U 6000
                """);
        assertThatAnotherNumberIsTakenUntilItHasGone();
    }

    @Test
    @Tag("long")
    void aStepThatLeavesOneHasFailedAndSaysSo() throws IOException {
        String wait =
                "(cat /Library/hanging/file > /dev/null 2>&1 &); until [ -e /Library/hanging.asked ]; do sleep 0.02; done";
        EmulatedMac.Result failed =
                mac.sh(build(spec(run(wait + "; echo done")), "--accounts 6000-6001", Transcript.LOG));

        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.out()).contains("\ndone\n");
        assertThat(failed.err())
                .contains("cannot kill all processes of mac6000; there are still ")
                .contains("(cat, state D)")
                .contains("cannot remove the account mac6000, it is not used again");
        assertThat(mac.must("cat /var/run/pf.anchors/*"))
                .as("it is still kept from the network")
                .contains("user = 6000");
        assertThat(mac.must("ls -A /Users")).doesNotContain("mac6000");
        Transcript.check(mac, "unkillable.commands");
        assertThatAnotherNumberIsTakenUntilItHasGone();
    }

    @Test
    @Tag("long")
    void aStepThatWaitsForOneEndsWhenItIsCancelled() throws IOException {
        EmulatedMac.Running build = mac.start(build(spec(run("echo started; cat /Library/hanging/file"))), Map.of());
        build.awaitOutput("\nstarted\n");
        build.signalEngine("TERM");
        assertThat(build.join().err())
                .contains("cancelled")
                .contains(
                        "cannot remove the account mac6000, it is not used again: cannot kill all processes of mac6000");
        unmount();
        mac.must(build(spec(run("echo clears up"))));
    }
}
