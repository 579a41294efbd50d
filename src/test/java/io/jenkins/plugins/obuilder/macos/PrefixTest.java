package io.jenkins.plugins.obuilder.macos;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Homebrew's prefix: what a home has in {@code local} is there for a step. */
class PrefixTest extends MacTest {
    /** Asks where it really is, as {@code brew} does, and writes it into what it makes. */
    private static final String BREW = """
            #!/bin/bash
            prefix=$(cd "$(dirname "$0")/.." && pwd -P)
            case $prefix in /opt/homebrew | /usr/local) ;; *) echo "refusing $prefix" >&2; exit 1 ;; esac
            mkdir -p "$prefix/Cellar"
            echo "prefix=$prefix" > "$prefix/Cellar/$1"
            """;

    @BeforeAll
    void makeBase() throws IOException {
        mac.must("mkdir -p /Users/brewed/local/bin; cat > /Users/brewed/local/bin/brew <<'END'\n" + BREW
                + "END\nchmod 755 /Users/brewed/local/bin/brew\n"
                + "echo 'export PATH=/opt/homebrew/bin:/usr/local/bin:$PATH' > /Users/brewed/.obuilder_profile.sh");
    }

    private static String brewed(String... operations) {
        return "((from brewed)\n " + String.join("\n ", operations) + ")";
    }

    @Test
    void aToolThatAsksForItsRealPathIsThere() throws IOException {
        String spec = brewed(
                run("which brew; brew one; cat /opt/homebrew/Cellar/one; stat -c '%U %a' /opt/homebrew"),
                run("brew two; cat /opt/homebrew/Cellar/*; cat ~/local/Cellar/two; readlink ~/local"));
        assertThat(output(spec)).isEqualTo("""
                /opt/homebrew/bin/brew
                prefix=/opt/homebrew
                mac6000 755
                prefix=/opt/homebrew
                prefix=/opt/homebrew
                prefix=/opt/homebrew
                /opt/homebrew
                """);
        assertThat(mac.must("ls -A /opt/homebrew; stat -c '%U %a' /opt/homebrew"))
                .isEqualTo("root 755\n");
        assertThat(mac.must(build(spec))).doesNotContain("saved as");
    }

    @Test
    void whatTheMacItselfHasThereComesBack() throws IOException {
        mac.must(
                "mkdir -p /opt/homebrew/Cellar; echo host > /opt/homebrew/Cellar/host; ln -s Cellar /opt/homebrew/link;"
                        + " chown -R 501:20 /opt/homebrew; chmod 775 /opt/homebrew");
        String before = mac.must("cd /opt/homebrew; find . -printf '%p %u %m %l\\n' | sort");

        assertThat(output(brewed(run("ls /opt/homebrew; brew three; ls /opt/homebrew/Cellar"))))
                .isEqualTo("bin\nthree\n");

        assertThat(mac.must("cd /opt/homebrew; find . -printf '%p %u %m %l\\n' | sort"))
                .isEqualTo(before);
        mac.must("rm -r /opt/homebrew");
    }

    /** There the prefix cannot be renamed, and here it lies on a file system of its own. */
    @Test
    void onIntelItIsUsrLocal() throws IOException {
        mac.must("echo x86_64 > /private/var/db/machine");
        try {
            assertThat(output(
                            brewed(run("brew one; cat /usr/local/Cellar/one"), run("brew two; ls /usr/local/Cellar"))))
                    .isEqualTo("prefix=/usr/local\none\ntwo\n");
            assertThat(mac.must("ls -A /usr/local")).isEmpty();
        } finally {
            mac.must("rm /private/var/db/machine");
        }
    }

    @Test
    void aHomeWithoutOneLeavesItAlone() throws IOException {
        assertThat(output(spec(run("ls -A /opt/homebrew 2> /dev/null; ls -A ~"))))
                .isEqualTo(".obuilder_profile.sh\n");
    }

    @Test
    void whateverAStepMakesOfItIsKeptInsideTheHome() throws IOException {
        mac.must("mkdir -p /Users/Shared/outside; echo kept > /Users/Shared/outside/file");
        String spec = brewed(
                run(
                        "rm ~/local; ln -s /etc ~/local; mv /opt/homebrew/bin /opt/homebrew/sbin; ln -s /etc /opt/homebrew/bin"),
                run("ls -A /opt/homebrew; readlink /opt/homebrew/bin ~/local"),
                run("rm ~/local; mkdir -p ~/local/other; ls ~/local"),
                run("ls ~/local /opt/homebrew; find ~ -name local -maxdepth 1 -type l"));
        assertThat(output(spec))
                .isEqualTo("bin\nsbin\n/etc\n/opt/homebrew\nother\n/Users/mac6000/local:\nbin\nsbin\n\n/opt/homebrew:\n"
                        + "bin\nsbin\n/Users/mac6000/local\n");
        assertThat(mac.must("stat -c %U /etc /etc/hosts; ls /etc/hosts; cat /Users/Shared/outside/file"))
                .isEqualTo("root\nroot\n/etc/hosts\nkept\n");
        mac.must("rm -r /Users/Shared/outside");
    }

    @Test
    void aSnapshotThatMadeItALinkHasNone() throws IOException {
        assertThat(output(
                        spec(run("ln -s /etc ~/local"), run("ls -d ~/local; ls -A /opt/homebrew 2> /dev/null; true"))))
                .isEqualTo("/Users/mac6000/local\n");
    }

    @Test
    @Needs(Need.FUSE)
    void passthroughShowsItAtItsRealPathToOneAtATime() throws IOException {
        String spec = brewed(
                run("brew one; cat /opt/homebrew/Cellar/one; stat -c %U /opt/homebrew/Cellar/one"),
                run("brew two; ls ~/local/Cellar"));
        String options = "--accounts 6000-6001 --prefix-mode passthrough";
        try {
            assertThat(output(spec, options)).isEqualTo("prefix=/opt/homebrew\nmac6000\none\ntwo\n");
            String late = brewed(run("brew $(id -u); sleep 1; ls /opt/homebrew/Cellar"));
            EmulatedMac.Running first = mac.start(build(late, options), Map.of());
            EmulatedMac.Running second = mac.start(build(late, options), Map.of());
            assertThat(List.of(
                            first.join().mustSucceed().out().contains("\n6000\n"),
                            second.join().mustSucceed().out().contains("\n6000\n")))
                    .containsExactlyInAnyOrder(true, false);
            assertThat(mac.must("ls -A /opt/homebrew")).isEmpty();
        } finally {
            mac.sh("umount /opt/homebrew");
        }
    }

    /** Right for all at the same time, but a tool that resolves its prefix sees where it leads. */
    @Test
    @Needs(Need.FUSE)
    void redirectLeadsEachToItsOwnAtTheSameTime() throws IOException {
        mac.must("rmdir /opt/homebrew 2> /dev/null; mkdir -m 1777 /Users/Shared/both");
        String spec = brewed(run("echo $(id -u) > /opt/homebrew/mine; touch /Users/Shared/both/$(id -u); n=0;"
                + " until [ $(ls /Users/Shared/both | wc -l) = 2 ]; do sleep 0.05; n=$((n+1)); [ $n -lt 3000 ] || exit 1; done;"
                + " cat /opt/homebrew/mine ~/local/mine; cd /opt/homebrew; pwd; pwd -P"));
        String options = "--accounts 6000-6001 --prefix-mode redirect";
        try {
            List<EmulatedMac.Running> builds =
                    List.of(mac.start(build(spec, options), Map.of()), mac.start(build(spec, options), Map.of()));
            // Each waits for the other: what went wrong with one may stand in what the other said.
            List<EmulatedMac.Result> results =
                    List.of(builds.get(0).join(), builds.get(1).join());
            for (EmulatedMac.Result result : results) {
                assertThat(result.out())
                        .as("%s", results)
                        .containsPattern("\n(6000\n6000|6001\n6001)\n/opt/homebrew\n/Users/mac600[01]/local\n");
            }
        } finally {
            mac.sh("umount /var/db/obuilder/prefix; rm /opt/homebrew; rm -r /Users/Shared/both");
        }
    }
}
