package io.jenkins.plugins.obuilder.macos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Engines that are killed at every moment of a step's life, and the start after that. */
class CrashTest extends MacTest {
    private static final Map<String, String> CRASHING =
            Map.of("MAC_PATH", "/crash:/stand-ins:/usr/sbin:/usr/bin:/sbin:/bin");

    /** Stands before each tool: counts the calls, and kills the engine at the one that was asked for. */
    private static final String TRAP = """
            #!/bin/bash
            cd /var/db/crash
            n=$(($(cat count) + 1))
            echo $n > count
            echo "$n ${0##*/} $*" >> log
            if [ $n = "$(cat at)" ]; then
                kill -9 $PPID
                sleep 2
                # Nothing is done any more: a minute later it would make, say, the account of a build that is over.
                exit 1
            fi
            cd /
            for directory in /stand-ins /usr/sbin /usr/bin; do
                [ ! -x $directory/${0##*/} ] || exec $directory/${0##*/} "$@"
            done
            """;

    private String spec;

    @BeforeAll
    void setTraps() throws IOException {
        mac.must("mkdir -p /crash /var/db/crash; cat > /crash/.trap <<'END'\n" + TRAP + """
                END
                chmod 755 /crash/.trap
                for tool in dscl dseditgroup su launchctl pkill ps ipcs ipcrm crontab pfctl mount_tmpfs umount diskutil sw_vers ditto rsync; do
                    ln -s .trap /crash/$tool
                done
                mkdir -p /Users/crashing/local/bin /opt/homebrew/Cellar
                touch /Users/crashing/.obuilder_profile.sh
                echo tool > /Users/crashing/local/bin/tool
                echo host > /opt/homebrew/Cellar/host
                echo secret > /Library/secret
                """);
        spec = "((from crashing) (run (secrets (s (target /s))) (cache (c (target /Users/mac6000/cache)))"
                + " (shell \"cat /opt/homebrew/bin/tool; touch ~/cache/file\")))";
    }

    private EmulatedMac.Result buildWithCrashAt(int call) throws IOException {
        mac.must("cd /var/db/crash; echo 0 > count; echo " + call + " > at; : > log");
        EmulatedMac.Result result = mac.start("umask 022; " + build(spec, "--secret s:/Library/secret"), CRASHING)
                .join();
        if (call > 0 && result.status() == 0) {
            throw new AssertionError("it was not killed at call " + call + ": " + mac.must("cat /var/db/crash/log"));
        }
        return result;
    }

    /** How many commands a build runs. */
    private int calls() throws IOException {
        buildWithCrashAt(0).mustSucceed();
        int calls = Integer.parseInt(mac.must("cat /var/db/crash/count").strip());
        mac.must("./obuilder clean --store=" + store());
        return calls;
    }

    private void crashAndStartAgain(int call) throws IOException {
        buildWithCrashAt(call);
        String at = mac.must("tail -n 1 /var/db/crash/log").strip();
        EmulatedMac.Result again = mac.sh(build(spec, "--secret s:/Library/secret"));
        assertThat(again.status())
                .as("after a crash at %s: %s%s", at, again.out(), again.err())
                .isZero();
        assertThat(again.out()).as("after a crash at %s", at).contains("\ntool\n");
        assertThat(MacState.leftovers(mac))
                .as("after a crash at %s; %s", at, again.err())
                .isEmpty();
        assertThat(mac.must("cd /opt/homebrew; find . | sort; cat Cellar/host;"
                        + " find /Volumes/*/result-tmp /Volumes/*/cache-tmp -mindepth 1"))
                .as("after a crash at %s", at)
                .isEqualTo(".\n./Cellar\n./Cellar/host\nhost\n");
        mac.must("./obuilder clean --all --store=" + store());
    }

    /** A few of the moments; all of them take minutes. */
    @Test
    void aStartAfterACrashCleansUp() throws IOException {
        int calls = calls();
        for (int call = 5; call <= calls; call += 8) {
            crashAndStartAgain(call);
        }
    }

    @Test
    @Tag("long")
    void aStartAfterACrashAtAnyMomentCleansUp() throws IOException {
        int calls = calls();
        for (int call = 1; call <= calls; call++) {
            crashAndStartAgain(call);
        }
    }

    @Test
    void whatAStepDidWhenItsEngineWasKilledIsUndone() throws IOException {
        EmulatedMac.Running build = mac.start(
                build("((from crashing) "
                        + run(
                                "(setsid sleep 7321 > /dev/null 2>&1 &); rm /opt/homebrew/bin/tool; echo mine > /opt/homebrew/mine;"
                                        + " touch /tmp/mine; echo started; sleep 7322")
                        + ")"),
                Map.of());
        build.awaitOutput("\nstarted\n");
        build.signalEngine("KILL");
        build.join();
        assertThat(MacState.leftovers(mac)).contains("account mac6000", "home /Users/mac6000", "process");

        EmulatedMac.Result next = mac.sh(build(spec(run("echo next")))).mustSucceed();

        assertThat(next.err())
                .contains("a build that crashed had left the account mac6000: removed")
                .contains("a build that crashed had left its files in /opt/homebrew: removed");
        assertThat(mac.must("cd /opt/homebrew; find . | sort; cat Cellar/host"))
                .isEqualTo(".\n./Cellar\n./Cellar/host\nhost\n");
    }
}
