package io.jenkins.plugins.obuilder.macos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a step finds on a Mac. */
class MacStepTest extends MacTest {
    @Test
    void aHomeAnEnvironmentAndNoGroupsButItsOwn() throws IOException {
        assertThat(output(
                        spec(
                                "(env ODD \"a'b $HOME\")",
                                run(
                                        "id -un; id -u; id -Gn; pwd; pwd -P; echo $HOME; umask; env | sort | grep -v '^_='"),
                                "(workdir /Users/mac6000/sub/dir)",
                                run("pwd; stat -c %U ../../sub")),
                        "--accounts 6000"))
                .isEqualTo("""
                        mac6000
                        6000
                        mac6000
                        /Users/mac6000
                        /Users/mac6000
                        /Users/mac6000
                        0022
                        FROM_PROFILE=yes
                        HOME=/Users/mac6000
                        LOGNAME=mac6000
                        ODD=a'b $HOME
                        PATH=/opt/homebrew/bin:/stand-ins:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
                        PWD=/Users/mac6000
                        SHELL=/bin/bash
                        SHLVL=2
                        TERM=dumb
                        TMPDIR=/var/db/obuilder/tmp/mac6000/
                        USER=mac6000
                        /Users/mac6000/sub/dir
                        mac6000
                        """);
    }

    @Test
    void statusAndSignalsAreTold() throws IOException {
        EmulatedMac.Result failed = mac.sh(build(spec(run("echo out; echo err >&2; exit 42"))));
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.out()).contains("\nout\nerr\n");
        assertThat(failed.err()).contains("exit status 42");

        EmulatedMac.Result killed = mac.sh(build(spec(run("kill -TERM $$"))));
        assertThat(killed.err()).contains("exit status 143");

        mac.must(
                "echo 'return 7' > /Users/base/broken; mkdir /Users/broken; echo false > /Users/broken/.obuilder_profile.sh");
        EmulatedMac.Result profile = mac.sh(build("((from broken) (run (shell \"echo not reached\")))"));
        assertThat(profile.status()).isEqualTo(1);
        assertThat(profile.out())
                .contains("obuilder: /Users/mac6000/.obuilder_profile.sh failed")
                .doesNotContain("\nnot reached");
    }

    @Test
    void theNetworkIsOffUnlessAskedFor() throws IOException {
        String ask = "tail -n +3 /proc/self/net/dev | grep -c -v ' lo:'; exec 3<>/dev/udp/127.0.0.1/9 && echo loopback";
        String open = "(run (network host) (shell " + quoted(ask) + "))";
        mac.must("tail -n +3 /proc/net/dev | grep -v ' lo:' | grep -q . || echo 0 > /dev/null");
        String outside =
                mac.sh("tail -n +3 /proc/self/net/dev | grep -c -v ' lo:'").out();

        assertThat(output(spec(run(ask), open))).isEqualTo("0\nloopback\n" + outside + "loopback\n");
        assertThat(output(spec(run(ask + "; true")), "--open-network")).isEqualTo(outside + "loopback\n");
    }

    @Test
    void withoutThePacketFilterAStepIsRefused() throws IOException {
        mac.must("mv /etc/pf.conf /etc/pf.conf.old; : > /etc/pf.conf; pfctl -f /etc/pf.conf");
        try {
            EmulatedMac.Result refused = mac.sh(build(spec(run("echo not reached"))));
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("cannot keep the user 6000 from the network")
                    .contains("anchor \"obuilder/*\"");
            assertThat(refused.out()).doesNotContain("\nnot reached");
            EmulatedMac.Result sick = mac.sh("./obuilder healthcheck --store=" + store());
            assertThat(sick.status()).isEqualTo(1);
            assertThat(sick.err()).contains("--open-network");
            assertThat(output(spec(run("echo reached")), "--open-network")).isEqualTo("reached\n");

            mac.must("echo 'anchor \"obuilder/*\"' > /etc/pf.conf; pfctl -f /etc/pf.conf");
            assertThat(output(spec(run("tail -n +3 /proc/self/net/dev | grep -c -v ' lo:' || true"))))
                    .isEqualTo("0\n");
            assertThat(mac.must("./obuilder healthcheck --store=" + store())).startsWith("ok: ");
        } finally {
            mac.must("mv /etc/pf.conf.old /etc/pf.conf; pfctl -f /etc/pf.conf");
        }
    }

    @Test
    void secretsAreInMemoryAndGoWithTheStep() throws IOException {
        mac.must("echo hunter2 > /Library/token");
        assertThat(output(
                        spec(
                                "(run (secrets (token (target /run/secrets/token))) (shell \"cd $OBUILDER_SECRETS_DIR; pwd;"
                                        + " stat -c '%A %U' . token; wc -c < token; stat -f -c %T .\"))"),
                        "--secret token:/Library/token"))
                .isEqualTo("""
                        /var/db/obuilder/secrets/mac6000
                        drwx--x--x root
                        -r-------- mac6000
                        8
                        tmpfs
                        """);
        assertThat(mac.sh("grep -rl hunter2 /var/db /Users /Volumes /tmp").out())
                .isEmpty();
    }

    @Test
    void cachesOutliveBuilds() throws IOException {
        String more =
                "(run (cache (downloads (target /Users/mac6000/down/loads))) (shell \"cd ~/down/loads; pwd -P; ls; stat -c %U .;"
                        + " echo x > file-N\"))";
        assertThat(output(spec(more.replace("N", "1")))).isEqualTo("/Users/mac6000/down/loads\nmac6000\n");
        assertThat(output(spec(more.replace("N", "2"), run("ls -A down/loads; echo nothing"))))
                .isEqualTo("/Users/mac6000/down/loads\nfile-1\nmac6000\nnothing\n");
        // What the step makes of the place itself leads nobody out.
        assertThat(
                        output(
                                spec(
                                        "(run (cache (downloads (target /Users/mac6000/down))) (shell \"rm -rf ~/down; ln -s /etc ~/down\"))")))
                .isEmpty();
        assertThat(mac.must("stat -c '%U %F' /etc/hosts")).isEqualTo("root regular file\n");
    }

    @Test
    void filesAreCopiedBelowHomeAndPrefixAlone() throws IOException {
        mac.must("mkdir -p /obuilder/context; echo text > /obuilder/context/file; mkdir -p /Users/brewed/local");
        mac.must("touch /Users/brewed/.obuilder_profile.sh");
        assertThat(output("((from brewed) (copy (src context/file) (dst /Users/mac6000/a/b))"
                        + "(copy (src context/file) (dst /opt/homebrew/etc/))"
                        + run("cat ~/a/b /opt/homebrew/etc/file; stat -c %U ~/a/b /opt/homebrew/etc/file") + ")"))
                .isEqualTo("text\ntext\nmac6000\nmac6000\n");
        for (String place : new String[] {"/etc/file", "/Users/base/file", "/Users/mac6000/../base/file"}) {
            EmulatedMac.Result refused = mac.sh(build(spec("(copy (src context/file) (dst " + place + "))")));
            assertThat(refused.status()).as(place).isEqualTo(1);
            assertThat(refused.err()).contains("cannot copy to " + place);
        }
        assertThat(mac.file("/private/etc/file")).doesNotExist();
    }

    @Test
    void whatStepsMayUse() throws IOException {
        assertThat(output(spec(run("ulimit -u")), "--pids 77")).isEqualTo("77\n");
        EmulatedMac.Result refused = mac.sh(build(spec(run("true")), "--memory 1G"));
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("macOS cannot limit the memory");
        EmulatedMac.Result late = mac.sh(build(spec(run("sleep 7302")), "--timeout 2s"));
        assertThat(late.status()).isEqualTo(124);
    }

    @Test
    void sandboxExecIsAnOptionThatCannotNest() throws IOException {
        String nested = run("sandbox-exec -p '(version 1)(allow default)' /bin/echo nested");
        assertThat(output(spec(nested))).isEqualTo("nested\n");
        EmulatedMac.Result refused = mac.sh(build(spec(nested.replace("nested", "again")), "--seatbelt"));
        assertThat(refused.out()).contains("sandbox_apply: Operation not permitted");
        assertThat(refused.err()).contains("exit status 71");
    }

    @Test
    void homesAndNumbersOfOthersAreLeftAlone() throws IOException {
        mac.must("mkdir /Users/mac6050; echo mine > /Users/mac6050/file");
        EmulatedMac.Result home = mac.sh(build(spec(run("true")), "--uid 6050"));
        assertThat(home.status()).isEqualTo(1);
        assertThat(home.err()).contains("/Users/mac6050 is there already");
        assertThat(mac.must("cat /Users/mac6050/file; rm -r /Users/mac6050")).isEqualTo("mine\n");

        mac.must(
                "dscl . -create /Users/alice; dscl . -create /Users/alice UniqueID 6051; dscl . -create /Users/alice PrimaryGroupID 20");
        EmulatedMac.Result user = mac.sh(build(spec(run("true")), "--uid 6051"));
        assertThat(user.status()).isEqualTo(1);
        assertThat(user.err()).contains("6051 is the user alice");
        mac.must("dscl . -delete /Users/alice");

        mac.must("dseditgroup -o create -i 6052 -r Others others");
        EmulatedMac.Result group = mac.sh(build(spec(run("true")), "--uid 6052"));
        assertThat(group.err()).contains("6052 is the group others");
        mac.must("dseditgroup -o delete others");
    }

    @Test
    void somebodysHomeIsNoBase() throws IOException {
        EmulatedMac.Result refused = mac.sh(build("((from jenkins))"));
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("/Users/jenkins is no base image: it has no .obuilder_profile.sh");
    }

    @Test
    void theIdFollowsTheBasesContentsTheSystemAndTheHome() throws IOException {
        String plan = build(spec(run("true"))).replace("obuilder macos", "obuilder plan");
        String first = mac.must(plan);
        assertThat(mac.must(plan)).isEqualTo(first);
        assertThat(mac.must(plan.replace("plan .", "plan . --uid 6001"))).isNotEqualTo(first);
        assertThat(mac.must(plan.replace("plan .", "plan . --prefix /opt/other")))
                .isNotEqualTo(first);
        mac.must("echo 15.5 > /private/var/db/version");
        assertThat(mac.must(plan)).isNotEqualTo(first);
        mac.must("rm /private/var/db/version; touch /private/var/db/no-tools");
        assertThat(mac.must(plan)).isNotEqualTo(first);
        mac.must("rm /private/var/db/no-tools; echo more > /Users/base/more");
        assertThat(mac.must(plan)).isNotEqualTo(first);
        mac.must("rm /Users/base/more");
        assertThat(mac.must(plan)).isEqualTo(first);
    }
}
