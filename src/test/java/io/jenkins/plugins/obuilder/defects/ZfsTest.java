package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.build;
import static io.jenkins.plugins.obuilder.testing.Specs.cache;
import static io.jenkins.plugins.obuilder.testing.Specs.copyFrom;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static io.jenkins.plugins.obuilder.testing.Specs.withBuilds;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.cli.EngineProcess;
import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.host.MountPoint;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import io.jenkins.plugins.obuilder.testing.ZfsPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole builds on zfs: what goes wrong elsewhere, and what only goes wrong there. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.ZFS, Need.BUSYBOX_STATIC})
@Timeout(600)
class ZfsTest {
    private static final int MEBIBYTES = 96;

    /** The store itself and the five datasets in it; results and caches are mounted while somebody works in them. */
    private static final int MOUNTS = 6;

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    private ZfsPool zfs;
    private Lab lab;
    private Workbench bench;

    @BeforeEach
    void start() throws IOException {
        zfs = ZfsPool.make(elsewhere, MEBIBYTES);
        lab = new Lab(directory);
        Tools.run(directory, "zfs", "create", ZfsPool.NAME + "/store");
        bench = new Workbench(directory, "zfs", zfs.root().resolve("store"))
                .with("--image", "busybox=dir:" + lab.base)
                // The floor would refuse the step before the pool is full.
                .with("--min-free", "0");
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        try {
            bench.mustBuild(spec(run("echo and again")));
            lab.assertNothingLeft(bench);
            assertThat(mounts()).hasSize(MOUNTS);
            Lab.assertWhole(bench);
        } finally {
            zfs.close();
        }
    }

    private List<MountPoint> mounts() throws IOException {
        return Mounts.within(bench.store());
    }

    private static String stage(int n) {
        return build(
                "stage" + n,
                run("echo " + n + " > /number; echo " + n + " >> /c/log", cache("c" + n, "/c")),
                run("cat /number"),
                run("echo more >> /number"));
    }

    /**
     * The daemon that stands in for OpenZFS does not bear much at once, so that what is busy is tried again. Each stage has a cache of its
     * own: with one for all, the new version of one stage waits until no other works in its copy of the version before, since the stand-in
     * cannot rename what has a mounted clone, and on a slow machine takes a copy away from a step that is just beginning.
     */
    @Test
    @Tag("long")
    void parallelStages() throws IOException {
        String spec = withBuilds(
                stage(1) + stage(2) + stage(3) + stage(4),
                copyFrom("stage1", "/number", "/1"),
                copyFrom("stage2", "/number", "/2"),
                copyFrom("stage3", "/number", "/3"),
                copyFrom("stage4", "/number", "/4"),
                run("cat /1 /2 /3 /4 | tr '\\n' ' '"));
        assertThat(bench.mustBuild(spec)).contains("\n1 more 2 more 3 more 4 more ");
        assertThat(mounts()).hasSize(MOUNTS);
        bench.mustBuild(spec);
        assertThat(bench.out()).doesNotContain("saved as");
    }

    @Test
    void aBuildThatIsKilledInAStep() throws IOException {
        String spec = spec(run("echo one > /one"), run("cat /one; echo started; " + Lab.FOREVER, cache("c", "/c")));
        try (EngineProcess process = bench.start(spec)) {
            process.awaitOutput("\nstarted\n");
            process.kill();
        }
        bench.mustBuild(spec(run("echo one > /one"), run("cat /one")));
        assertThat(bench.hits()).isEqualTo(2);
        assertThat(mounts()).hasSize(MOUNTS);
    }

    @Test
    void aStepThatFillsThePool() throws IOException {
        bench.mustBuild(spec(run("echo first")));
        assertThat(bench.build(spec(run("echo first"), run("dd if=/dev/urandom of=/big bs=1M count=200"))))
                .isEqualTo(1);
        assertTold();
        bench.assertNothingTemporary();
        bench.mustBuild(spec(run("echo first"), run("echo second > /second", cache("c", "/c"))));
        assertThat(bench.hits()).isEqualTo(2);
        Lab.assertWhole(bench);
    }

    @Test
    void aPoolThatFillsUpAndIsPruned() throws IOException {
        int n = 0;
        while (bench.build(spec(run("dd if=/dev/urandom of=/big bs=1M count=12 && echo " + ++n))) == 0) {
            assertThat(n).isLessThan(MEBIBYTES / 12);
        }
        assertTold();
        Lab.assertWhole(bench);
        assertThat(bench.command("prune", "--store", "zfs:" + bench.store(), "--max-items", "1"))
                .as(bench.err())
                .isZero();
        bench.mustBuild(spec(run("dd if=/dev/urandom of=/big bs=1M count=12 && echo again")));
    }

    private void assertTold() {
        assertThat(bench.err().split("\nThe disk of the store " + bench.store() + " is full: "))
                .as(bench.err())
                .hasSize(2);
    }
}
