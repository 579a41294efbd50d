package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** On ext4. */
class HeadroomTest extends HeadroomContract {
    HeadroomTest() {
        super("overlayfs", 170, "mkfs.ext4", "-q", "-m", "0");
    }

    /** A build does not fail for it, and its reader hears of it. A subvolume of btrfs would go with what is mounted on it. */
    @Test
    void aPruningThatFailsIsTold() throws IOException {
        Path oldest = bench.store().resolve("result/" + String.format("%064x", 1));
        Tools.run(directory, "mount", "--bind", oldest.toString(), oldest.toString());
        try {
            assertThat(bench.mustBuild(spec(run("echo small; sleep 1")), "--keep-free", "90%"))
                    .containsOnlyOnce("---> could not prune the store in the background: ");
        } finally {
            Tools.run(directory, "umount", oldest.toString());
        }
        assertThat(large()).hasSize(SNAPSHOTS);
    }
}
