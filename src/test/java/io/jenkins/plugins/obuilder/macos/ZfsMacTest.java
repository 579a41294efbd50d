package io.jenkins.plugins.obuilder.macos;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A Mac with a pool of OpenZFS: homes, Homebrew's part and caches are mounted where they belong for a step. */
@Needs(Need.ZFS_FUSE)
class ZfsMacTest extends MacTest {
    /** What docs/macos.md tells to do, word for word. */
    private static final String BUILD =
            "./obuilder macos . --store=zfs:/Volumes/tank -f example.macos.spec --uid=705 --fallback=/tmp --scoreboard=/tmp";

    @Override
    String store() {
        return "zfs:/Volumes/tank";
    }

    @Test
    void theWalkThroughAndWhatComesAfter() throws IOException {
        mac.must("mkdir /Users/empty && touch /Users/empty/.obuilder_profile.sh");
        mac.must("mkfile 128m /Users/Shared/tank.img");
        mac.must("zpool create tank /Users/Shared/tank.img");

        EmulatedMac.Result first = mac.sh(BUILD).mustSucceed();

        assertThat(first.err()).isEmpty();
        assertThat(first.out().replaceAll("[0-9a-f]{64}", "ID")).isEqualTo("""
                (from empty)
                ---> saved as "ID"
                /: (run (shell "echo hello > hello.txt"))
                ---> saved as "ID"
                /: (run (shell "cat hello.txt"))
                hello
                ---> saved as "ID"
                Got: "ID"
                """);
        assertThat(mac.sh(BUILD).mustSucceed().out())
                .isEqualTo(first.out().replaceAll("saved as (\"[0-9a-f]{64}\")", "using $1 from cache"));
        MacState.assertClean(mac);
        homebrewAndCachesAreMountedForAStep();
        zfsMustBeReachableInAStep();
        aCrashIsClearedUp();
    }

    private void homebrewAndCachesAreMountedForAStep() throws IOException {
        mac.must("mkdir -p /Users/brewed/local/bin; touch /Users/brewed/.obuilder_profile.sh;"
                + " printf '#!/bin/bash\\ncd \"$(dirname \"$0\")/..\" && pwd -P\\n' > /Users/brewed/local/bin/where;"
                + " chmod 755 /Users/brewed/local/bin/where");
        assertThat(
                        output(
                                "((from brewed) " + run("/opt/homebrew/bin/where; echo made > /opt/homebrew/file")
                                        + " (run (cache (c (target /Users/mac6000/cache))) (shell \"cat ~/local/file; echo kept > ~/cache/file\"))"
                                        + " (run (cache (c (target /Users/mac6000/cache))) (shell \"cat ~/cache/file /opt/homebrew/file\")))"))
                .isEqualTo("/opt/homebrew\nmade\nkept\nmade\n");
        MacState.assertClean(mac);
        output(
                "((from brewed) (run (cache (c (target /Users/mac6000/cache))) (shell \"cp ~/cache/file /opt/homebrew/file\")))",
                Transcript.LOG,
                "--open-network");
        Transcript.check(mac, "zfs-step.commands");
    }

    /** As /usr/local/zfs/bin/zfs is on Intel, where Homebrew's prefix is /usr/local. */
    private void zfsMustBeReachableInAStep() throws IOException {
        EmulatedMac.Result refused = mac.sh(build(spec(run("true")), "--prefix /stand-ins"));
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err())
                .contains("/stand-ins/zfs lies below /stand-ins")
                .contains("copy zfs and what it needs to /opt/obuilder/bin");
    }

    private void aCrashIsClearedUp() throws IOException {
        EmulatedMac.Running build =
                mac.start(build("((from brewed) " + run("echo started; sleep 7341") + ")"), Map.of());
        build.awaitOutput("\nstarted\n");
        build.signalEngine("KILL");
        build.join();
        assertThat(mac.must("mount")).contains(" on /opt/homebrew ", " on /Users/mac6000 ");
        assertThat(output("((from brewed))", "2> /dev/null", Transcript.LOG)).isEmpty();
        Transcript.check(mac, "zfs-after-crash.commands");
        assertThat(output("((from brewed) " + run("echo after") + ")")).isEqualTo("after\n");
        assertThat(mac.must("mount | grep -c ' on /opt/homebrew \\| on /Users/mac' || true")
                        .strip())
                .isEqualTo("0");
        mac.must("rm -f /Users/Shared/left");
    }
}
