package io.jenkins.plugins.obuilder.macos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What OBuilder has written into its code for macOS, or makes once and leaves. */
class DefectsTest extends MacTest {
    @Test
    void anAccountIsMadeForItsStepAndDeletedWithIt() throws IOException {
        String there = "dscl . -list /Users | grep '^mac'; dscl . -list /Groups | grep '^mac'; id -u";

        assertThat(output(spec(run(there), run(there + "; echo again")), "--accounts 6060"))
                .isEqualTo("mac6060\nmac6060\n6060\nmac6060\nmac6060\n6060\nagain\n");

        assertThat(mac.must("dscl . -list /Users | grep '^mac' || dscl . -list /Groups | grep '^mac' || echo none"))
                .isEqualTo("none\n");
    }

    @Test
    void neitherTheGroupNorTheStoreIsWrittenIntoTheCode() throws IOException {
        String elsewhere = build(spec(run("id -g; id -gn; stat -c %g .")), "--uid 6071")
                .replace("--store=" + store(), "--store=rsync:/Library/builds");

        assertThat(mac.must(elsewhere)).contains("\n6071\nmac6071\n6071\n--->");

        assertThat(mac.must("ls -A /Library/builds/result | wc -l")).isEqualTo("2\n");
        mac.must("./obuilder clean --all --store=rsync:/Library/builds; rm -rf /Library/builds");
    }
}
