package io.jenkins.plugins.obuilder.cli;

import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.RSYNC, Need.BUSYBOX_STATIC})
class FastSyncRunTest {
    @TempDir
    Path directory;

    private Workbench bench;

    @BeforeEach
    void makeBench() throws IOException {
        bench = new Workbench(directory, "rsync")
                .with("--image", "busybox=dir:" + BusyboxTree.make(directory.resolve("image")));
    }

    /** Mode 2 is a filter of system calls, see proc(5). */
    @Test
    void callsToSyncAreFilteredWhenItIsAskedFor() throws Exception {
        String look = "sync && grep Seccomp: /proc/self/status";

        assertThat(bench.mustBuild(spec(run(look)))).contains("Seccomp:\t0\n");
        assertThat(bench.mustBuild(spec(run(look + " ")), "--fast-sync")).contains("Seccomp:\t2\n");
    }

    @Test
    void accountsHaveNoSuchFilter() throws Exception {
        assertThat(bench.build(spec(run("true")), "--fast-sync", "--sandbox", "user"))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(bench.err()).contains("--fast-sync works in containers alone");
    }
}
