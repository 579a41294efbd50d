package io.jenkins.plugins.obuilder.macos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Several builds on one Mac. */
class ConcurrencyTest extends MacTest {
    @Test
    void fourAccountsWorkAtTheSameTime() throws IOException {
        mac.must("mkdir -m 1777 /Users/Shared/meet");
        // None of the four goes on before all four are there.
        String wait =
                "touch /Users/Shared/meet/$(id -u); n=0; until [ $(ls /Users/Shared/meet | wc -l) = 4 ]; do sleep 0.05;"
                        + " n=$((n+1)); [ $n -lt 1200 ] || { echo only $(ls /Users/Shared/meet) came; exit 1; }; done";
        String spec = spec(
                run(wait + "; id -u > who; pwd > where; echo $TMPDIR >> where; sleep 0.5"),
                run("cat who where; stat -c %U who"));
        List<EmulatedMac.Running> builds = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            builds.add(mac.start(build(spec, "--accounts 6000-6003"), Map.of()));
        }
        List<String> outputs = new ArrayList<>();
        for (EmulatedMac.Running build : builds) {
            outputs.add(build.join().mustSucceed().out());
        }
        for (int uid = 6000; uid <= 6003; uid++) {
            String expected =
                    "\n" + uid + "\n/Users/mac" + uid + "\n/var/db/obuilder/tmp/mac" + uid + "/\nmac" + uid + "\n";
            assertThat(outputs).filteredOn(output -> output.contains(expected)).hasSize(1);
        }
        mac.must("rm -r /Users/Shared/meet");
        // The first slot is warm, whichever of the four had it.
        assertThat(mac.must(build(spec, "--accounts 6000-6003")))
                .doesNotContain("saved as")
                .contains("\n6000\n");
    }

    @Test
    void stagesAndBuildsShareThePrefixByTurns() throws IOException {
        mac.must("mkdir -p /Users/shared-prefix/local; touch /Users/shared-prefix/.obuilder_profile.sh");
        String step =
                run("echo $$ > /opt/homebrew/mine; sleep 0.1; [ $(cat /opt/homebrew/mine) = $$ ] && ls /opt/homebrew");
        String stage = "((from shared-prefix) " + step + " " + step.replace("$$", "$BASHPID") + ")";
        String spec = "((build a " + stage + ")\n (build b " + stage.replace("0.1", "0.2")
                + ")\n  (from shared-prefix)\n" + step + ")";
        List<EmulatedMac.Running> builds = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            // The builds have an account each, their stages wait for it, and all of them for the prefix.
            builds.add(mac.start(
                    build(spec.replace("&& ls", "&& : " + i + "; ls"), "--accounts 6010-6011", "--parallel 4"),
                    Map.of()));
        }
        for (EmulatedMac.Running build : builds) {
            EmulatedMac.Result result = build.join().mustSucceed();
            assertThat(result.err()).isEmpty();
            assertThat(result.lines()).filteredOn(line -> line.equals("mine")).hasSizeGreaterThanOrEqualTo(5);
        }
        assertThat(mac.must("ls -A /opt/homebrew")).isEmpty();
    }

    @Test
    void aBuildThatIsCancelledLeavesNothing() throws IOException {
        mac.must("mkdir -p /Users/cancelled/local/bin; touch /Users/cancelled/.obuilder_profile.sh");
        String spec = "((from cancelled) "
                + run("trap '' TERM INT HUP; (setsid sleep 7303 &); touch /opt/homebrew/x; echo started; sleep 7304")
                + ")";
        for (String signal : new String[] {"TERM", "INT"}) {
            EmulatedMac.Running build = mac.start(build(spec), Map.of());
            build.awaitOutput("\nstarted\n");
            build.signalEngine(signal);
            EmulatedMac.Result result = build.join();
            assertThat(result.err()).contains("the build was cancelled: a signal told it to stop");
            MacState.assertClean(mac);
            assertThat(mac.must("ls -A /opt/homebrew")).isEmpty();
        }
        assertThat(mac.sh(build(spec(run("echo goes on")))).mustSucceed().err()).isEmpty();
    }

    @Test
    void waitingForAnAccountEndsWhenTheBuildIsCancelled() throws IOException {
        EmulatedMac.Running first = mac.start(build(spec(run("echo started; sleep 7305"))), Map.of());
        first.awaitOutput("\nstarted\n");
        EmulatedMac.Running second = mac.start(build(spec(run("echo second"))), Map.of());
        second.awaitOutput("second");
        second.signalEngine("TERM");
        assertThat(second.join().err()).contains("cancelled");
        first.signalEngine("TERM");
        first.join();
    }
}
