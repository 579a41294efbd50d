package io.jenkins.plugins.obuilder.macos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A build that wants to stay, to look, or to make root do its work. */
class HostileStepTest extends MacTest {
    @Test
    void leavesNoProcessJobFileOrObject() throws IOException {
        output(spec(run("""
                set -e
                (setsid sleep 7311 > /dev/null 2>&1 < /dev/null &)
                (trap '' TERM HUP INT; setsid bash -c 'while :; do sleep 7312; done' > /dev/null 2>&1 &)
                for i in $(seq 200); do (setsid sleep 7313 > /dev/null 2>&1 &); done
                echo '* * * * * touch /tmp/cron' > tab; crontab tab
                cp /bin/bash /tmp/shell; chmod 4755 /tmp/shell
                mkdir -m 777 /tmp/mine /Users/Shared/mine; echo x > /Users/Shared/mine/x; ln /tmp/shell /var/tmp/shell
                mkfifo /tmp/pipe; ln -s /etc/passwd /tmp/link; echo job > /private/var/at/jobs/job
                echo x > "$(getconf DARWIN_USER_TEMP_DIR)/x"; echo y > $TMPDIR/y
                mkdir -p "$TMPDIR/deep/$(printf 'a%.0s' $(seq 200))"
                ipcmk -M 4096 -Q -S 3 > /dev/null
                """)));
        MacState.assertClean(mac);
        assertThat(
                        mac.must(
                                "ls -A /private/var/at/tabs /private/var/at/jobs; ls -A /tmp /var/tmp | grep -v hsperf | grep -v '^mac-' || :"))
                .doesNotContain("mac6000", "shell", "mine", "pipe", "link", "cron");
        assertThat(mac.must("stat -c '%U %a' /etc/passwd")).isEqualTo("root 644\n");
    }

    /** Killing does not end an agent of launchd, which starts it again; so launchd is told first. */
    @Test
    void whatLaunchdKeepsAliveEnds() throws IOException {
        EmulatedMac.Running build = mac.start(
                build(
                        spec(
                                run(
                                        "echo started; until pgrep -f '^sleep 731[5]' > /dev/null; do sleep 0.02; done; echo agent runs"))),
                Map.of());
        build.awaitOutput("\nstarted\n");
        EmulatedMac.Running launchd = mac.start("""
                mkdir /private/var/run/launchd.6000
                while [ -d /private/var/run/launchd.6000 ]; do
                    setpriv --reuid=6000 --regid=6000 --clear-groups sleep 7315
                done
                """, Map.of());
        EmulatedMac.Result result = build.join().mustSucceed();
        assertThat(result.out()).contains("agent runs\n");
        launchd.join();
        MacState.assertClean(mac);
    }

    /** Others cannot get at it, neither where the step runs nor where its result is kept. */
    @Test
    void aSetUserProgramIsOfNoUseToOthers() throws IOException {
        EmulatedMac.Running build = mac.start(
                build(
                        spec(
                                run(
                                        "cp /bin/bash ~/shell; chmod 6755 ~/shell; echo started; until [ -e /Users/Shared/tried ]; do sleep 0.05; done"))),
                Map.of());
        build.awaitOutput("\nstarted\n");
        // The shell in between has none of root's capabilities, which setpriv itself looks for the program with.
        String attempt = "setpriv --reuid=501 --regid=20 --clear-groups bash -c '%s -p -c id' 2>&1";
        assertThat(mac.sh(attempt.formatted("/Users/mac6000/shell")).out()).contains("Permission denied");
        mac.must("touch /Users/Shared/tried");
        build.join().mustSucceed();
        mac.must("rm /Users/Shared/tried");
        String kept = mac.must("ls -d " + store().substring(6) + "/result/*/rootfs/shell")
                .strip();
        assertThat(mac.must("stat -c %a " + kept)).isEqualTo("6755\n");
        assertThat(mac.sh(attempt.formatted(kept)).out()).contains("Permission denied");
    }

    @Test
    void aForkBombEnds() throws IOException {
        EmulatedMac.Running build = mac.start(
                build(
                        spec(run("f() { sleep 0.01; f & f & }; trap '' TERM; f; sleep 7314")),
                        "--pids 300",
                        "--timeout 4s"),
                Map.of());
        assertThat(build.join().status()).isEqualTo(124);
    }

    /** BSD's su answers 0 when its shell was killed. */
    @Test
    void aStepThatKillsItsOwnShellHasFailed() throws IOException {
        EmulatedMac.Result result = mac.sh(build(spec(run("kill -9 -1; sleep 1; true"))));
        assertThat(result.err()).contains("exit status 137");
    }

    @Test
    void seesNothingOfAnother() throws IOException {
        mac.must("echo hunter2 > /Library/token");
        EmulatedMac.Running victim = mac.start(
                build(
                        "((from base) (run (secrets (token (target /token))) (shell \"mkdir -p ~/local; umask 022; chmod 755 $HOME/local;"
                                + " echo mine > ~/private; echo mine > $TMPDIR/private; echo started; sleep 20\")))",
                        "--accounts 6020",
                        "--secret token:/Library/token"),
                Map.of());
        victim.awaitOutput("\nstarted\n");
        String spy = output(spec(run("""
                        for place in /Users/mac6020 /Users/mac6020/private /var/db/obuilder/tmp/mac6020 /Users/jenkins \\
                            /Volumes/store* /var/db/obuilder/accounts /var/root; do
                            ls $place > /dev/null 2>&1 && echo "can list $place"
                        done
                        cat /Users/mac6020/private /var/db/obuilder/secrets/mac6020/token /var/db/obuilder/tmp/mac6020/private 2> /dev/null
                        ps -o args= -u mac6020 | grep -c hunter2
                        pkill -9 -u mac6020 2> /dev/null
                        rm -f /var/db/obuilder/scoreboard/6020 2> /dev/null && echo "removed the link"
                        true
                        """)), "--accounts 6021");
        assertThat(spy).isEqualTo("0\n");
        victim.signalEngine("TERM");
        assertThat(victim.join().err()).contains("cancelled");
    }

    @Test
    void aHostileHomeLeadsRootNowhere() throws IOException {
        mac.must(
                "mkdir -p /Users/hostile/local /opt/outside; touch /Users/hostile/.obuilder_profile.sh; echo kept > /opt/outside/file;"
                        + " chmod 700 /opt/outside; mkdir -p context; echo evil > context/passwd");
        String before = fingerprint();
        String spec = "((from hostile)\n" + run("""
                ln -s /etc etc; ln -s /opt/outside out; ln -s /etc/passwd passwd; ln -s / root
                ln /etc/passwd hard 2> /dev/null; ln /etc/shadow hard2 2> /dev/null
                mkfifo fifo; mkfifo local/fifo 2> /dev/null; mkfifo /opt/homebrew/fifo
                ln -s /etc /opt/homebrew/etc; ln -s ../../../../etc up; mkdir -p a/b; ln -s /opt/outside a/b/c
                mkdir deep; cd deep; for i in $(seq 300); do mkdir d; cd d; done; touch end
                """) + run("ls etc/ > /dev/null; cat fifo & sleep 0.2; true")
                + " (copy (src context/passwd) (dst /Users/mac6000/etc/))\n"
                + run("rm -rf .obuilder_profile.sh; ln -s /etc/passwd .obuilder_profile.sh") + ")";
        EmulatedMac.Result result = mac.sh(build(spec));
        assertThat(result.status()).as(result.out() + result.err()).isIn(0, 1);
        assertThat(fingerprint()).isEqualTo(before);
        // The links themselves are kept, and a store's keeper can delete it all.
        mac.must("./obuilder clean --store=" + store());
        assertThat(fingerprint()).isEqualTo(before);
    }

    private String fingerprint() throws IOException {
        return mac.must(
                "find /etc/ /opt /Users/base /Users/hostile -xdev -not -path '/opt/homebrew' -printf '%p %u %g %m %l %s\\n' | sort;"
                        + " cat /etc/passwd /opt/outside/file");
    }

    /** While root walks through a home, another process of the account would swap a directory for a link: nobody may be alive by then. */
    @Test
    void noSwapperSurvivesIntoRootsWalk() throws IOException {
        mac.must(
                "mkdir -p /Users/swap/local /opt/outside; touch /Users/swap/.obuilder_profile.sh; echo kept > /opt/outside/file");
        String before = mac.must("find /etc/ /opt/outside -xdev -printf '%p %u %m\\n' | sort");
        String swapper =
                "(trap '' TERM HUP; setsid bash -c 'while :; do mv ~/d ~/e; ln -s /opt/outside ~/d; rm ~/d; mv ~/e ~/d;"
                        + " mv /opt/homebrew/d /opt/homebrew/e; ln -s /etc /opt/homebrew/d; rm /opt/homebrew/d; mv /opt/homebrew/e"
                        + " /opt/homebrew/d; done' > /dev/null 2>&1 &)";
        for (int i = 0; i < 3; i++) {
            output("((from swap) " + run("mkdir -p ~/d /opt/homebrew/d; " + swapper + "; sleep 0." + (i + 1)) + ")");
            MacState.assertClean(mac);
        }
        assertThat(mac.must("find /etc/ /opt/outside -xdev -printf '%p %u %m\\n' | sort"))
                .isEqualTo(before);
    }

    @Test
    void whatLiesInWaitInTheScoreboardLeadsNobody() throws IOException {
        // As another account would have left it in /tmp: a directory where the link belongs, and a link for somebody
        // else.
        mac.must(
                "mkdir /tmp/6030; touch /tmp/6030/file; chown -R 6099:6099 /tmp/6030; ln -s /etc /tmp/6031; chown -h 6099:6099 /tmp/6031");
        assertThat(output(spec(run("readlink /tmp/6030; stat -c %U /tmp/6030")), "--uid 6030", "--scoreboard /tmp"))
                .isEqualTo("/Users/mac6030\nroot\n");
        assertThat(output(spec(run("readlink /tmp/6031")), "--uid 6031", "--scoreboard /tmp"))
                .isEqualTo("/Users/mac6031\n");
        EmulatedMac.Result open =
                mac.sh("mkdir -m 777 /opt/board; " + build(spec(run("true")), "--scoreboard /opt/board"));
        mac.must("rmdir /opt/board");
        assertThat(open.status()).isEqualTo(1);
        assertThat(open.err()).contains("other users could replace the links in it");
    }
}
