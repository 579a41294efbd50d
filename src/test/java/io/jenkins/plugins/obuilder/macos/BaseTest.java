package io.jenkins.plugins.obuilder.macos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Base images of a Mac: homes, and what becomes one. */
class BaseTest extends MacTest {
    @BeforeAll
    void makeHomebrew() throws IOException {
        // As GitHub packs it: all in one directory.
        mac.must("""
                mkdir -p /Library/Homebrew-brew-1234/bin
                cat > /Library/Homebrew-brew-1234/bin/brew <<'END'
                #!/bin/bash
                prefix=$(cd "$(dirname "$0")/.." && pwd -P)
                [ "$prefix" = /opt/homebrew ] || { echo "Error: $prefix" >&2; exit 1; }
                echo "Homebrew 4.5, run by $(id -un) at $prefix"
                END
                chmod 755 /Library/Homebrew-brew-1234/bin/brew
                tar -C /Library -czf /Library/homebrew.tar.gz Homebrew-brew-1234
                """);
    }

    @Test
    void anEmptyOneHasAProfile() throws IOException {
        assertThat(mac.must("./obuilder base init plain")).isEqualTo("made /Users/plain: (from plain)\n");
        assertThat(mac.must("stat -c '%U %a' /Users/plain; ls -A /Users/plain"))
                .isEqualTo("root 700\n.obuilder_profile.sh\n");
        assertThat(mac.must("./obuilder base check plain")).startsWith("ok: plain is sha256:");
        assertThat(mac.must("./obuilder base list")).contains("plain\n");
        assertThat(output("((from plain) " + run("echo built") + ")")).isEqualTo("built\n");
        EmulatedMac.Result again = mac.sh("./obuilder base init plain");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).contains("/Users/plain is there already");
        mac.must("./obuilder base delete plain");
        assertThat(mac.sh("ls -d /Users/plain").status()).isNotZero();
    }

    @Test
    void homebrewIsInstalledWhereBuildsFindIt() throws IOException {
        assertThat(mac.must("./obuilder base init brewed --homebrew-archive /Library/homebrew.tar.gz"))
                .isEqualTo("Homebrew 4.5, run by mac6000 at /opt/homebrew\nmade /Users/brewed: (from brewed)\n");
        MacState.assertClean(mac);
        assertThat(mac.must("ls -A /opt/homebrew /Users/brewed; stat -c %U /Users/brewed/local/bin/brew"))
                .isEqualTo("/Users/brewed:\n.obuilder_profile.sh\nlocal\n\n/opt/homebrew:\nroot\n");
        assertThat(mac.must("./obuilder base list")).contains("brewed  with Homebrew\n");
        assertThat(output("((from brewed) " + run("brew --version; which brew") + ")"))
                .isEqualTo("Homebrew 4.5, run by mac6000 at /opt/homebrew\n/opt/homebrew/bin/brew\n");
        mac.must("./obuilder base delete brewed");
    }

    @Test
    void anInstallerThatFailsLeavesNothing() throws IOException {
        mac.must("echo nonsense > /Library/bad.tar.gz");
        EmulatedMac.Result failed = mac.sh("./obuilder base init bad --homebrew-archive /Library/bad.tar.gz");
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err()).contains("Homebrew could not be installed");
        assertThat(mac.must("ls -A /Users /opt/homebrew")).doesNotContain("bad");
    }

    @Test
    void anArchiveOfAHomeBecomesOne() throws IOException {
        mac.must(
                "mkdir -p /Library/home/bin; echo 'export GREETING=hello' > /Library/home/.obuilder_profile.sh;"
                        + " printf '#!/bin/sh\\necho tool' > /Library/home/bin/tool; chmod 755 /Library/home/bin/tool;"
                        + " tar -C /Library/home -czf /Library/home.tgz .; ./obuilder base init archived --from-archive /Library/home.tgz");
        assertThat(output("((from archived) " + run("echo $GREETING; bin/tool; stat -c %U bin/tool") + ")"))
                .isEqualTo("hello\ntool\nmac6000\n");
        mac.must("./obuilder base delete archived");
    }

    @Test
    void whatIsWrongWithOneIsSaid() throws IOException {
        mac.must("mkdir -p /Users/sick; ln -s /opt /Users/sick/local; chmod 755 /Users/sick");
        EmulatedMac.Result check = mac.sh("./obuilder base check sick");
        assertThat(check.status()).isEqualTo(1);
        assertThat(check.err())
                .contains("it has no .obuilder_profile.sh")
                .contains("local is a symbolic link")
                .contains("chmod 700 /Users/sick");
        mac.must("rm -r /Users/sick");
        assertThat(mac.sh("./obuilder base check none").err()).contains("there is no /Users/none");
        assertThat(mac.sh("./obuilder base init ../etc").err()).contains("no base can be called ../etc");
        assertThat(mac.sh("./obuilder base delete jenkins").err()).contains("is the home of the user jenkins");
        assertThat(mac.sh("./obuilder base delete Shared").err()).contains("there is no base Shared");
    }

    /** An image {@code FROM scratch}, {@code COPY home /}, with a CMD so that docker can make a container of it. */
    @Test
    void anImageThatHoldsAHomeBecomesOne() throws IOException {
        mac.must("""
                mkdir -p /Library/image/home; cd /Library/image
                echo 'export GREETING=hello' > home/.obuilder_profile.sh; echo text > home/file
                tar -C home -cf layer.tar .
                echo '{"architecture":"arm64","os":"linux","config":{"Cmd":["/bin/bash"],"Env":["FROM_IMAGE=yes"]},"rootfs":{"type":"layers","diff_ids":["sha256:'$(sha256sum layer.tar | cut -d' ' -f1)'"]}}' > config.json
                echo '[{"Config":"config.json","RepoTags":["home:latest"],"Layers":["layer.tar"]}]' > manifest.json
                tar -cf /Library/home-image.tar manifest.json config.json layer.tar
                """);
        assertThat(output(
                        "((from home) " + run("echo $GREETING $FROM_IMAGE; cat file; stat -c %U file") + ")",
                        "--image home=docker-archive:/Library/home-image.tar"))
                .isEqualTo("hello yes\ntext\nmac6000\n");
    }
}
