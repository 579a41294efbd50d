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

    /** It is left, its reader hears of it once, and the build makes room by deleting others. */
    @Test
    void aSnapshotThatCannotBeDeletedNowIsToldAndAllElseIsPruned() throws IOException {
        String oldest = String.format("%064x", 1);
        Path result = bench.store().resolve("result/" + oldest);
        Tools.run(directory, "mount", "--bind", result.toString(), result.toString());
        try {
            assertThat(bench.mustBuild(spec(run("echo small; sleep 1"), run("echo next")), "--keep-free", "90%"))
                    .containsOnlyOnce("---> the snapshot " + oldest + " cannot be deleted now: ")
                    .contains(" is mounted at " + result + ": unmount that, and try again\n")
                    .containsOnlyOnce("---> no more snapshots can be pruned: ");
            assertThat(large()).containsExactly(1);
            assertThat(bench.command("prune", "--store", "overlayfs:" + bench.store(), "--max-items", "2", "--json"))
                    .isEqualTo(1);
            assertThat(bench.out()).contains("\"undeletable\":[{\"id\":\"" + oldest + "\",\"gone\":false,\"why\":\"");
            assertThat(bench.err()).contains("obuilder: warning: the snapshot " + oldest + " cannot be deleted now: ");
        } finally {
            Tools.run(directory, "umount", result.toString());
        }
        bench.mustBuild(spec(run("echo at the end; sleep 1")), "--keep-free", "90%");
        assertThat(large()).isEmpty();
    }
}
