package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.cli.EngineProcess;
import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.Store;
import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system that becomes full, really: builds prune it while they go on, and begin nothing when hardly anything is free. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.OVERLAYFS, Need.BTRFS, Need.BUSYBOX_STATIC, Need.LOOP_DEVICES})
abstract class HeadroomContract {
    private static final int SNAPSHOT = 12;
    static final int SNAPSHOTS = 8;
    private static final Pattern PRUNED = Pattern.compile(
            "(?m)^---> pruned (\\d+) snapshots?: ([0-9.]+) MiB of \\d+ MiB \\(\\d+ %\\) are free now, ([0-9.]+) MiB were before$");

    private final String kind;
    private final int mebibytes;
    private final String[] mkfs;

    /** @param mebibytes as few as this takes */
    HeadroomContract(String kind, int mebibytes, String... mkfs) {
        this.kind = kind;
        this.mebibytes = mebibytes;
        this.mkfs = mkfs;
    }

    @TempDir
    Path directory;

    private Lab lab;
    Workbench bench;
    private LoopDisk disk;

    /** Snapshots of some MiB each, on one base, the first the longest unused; then about 60 MiB are free. */
    @BeforeEach
    void fill() throws IOException {
        lab = new Lab(directory);
        Path image = directory.resolve("disk.img");
        Path place = directory.resolve("disk");
        disk = LoopDisk.mount(image, mebibytes, place, mkfs);
        bench = new Workbench(directory, kind, place.resolve("store")).with("--image", "busybox=dir:" + lab.base);
        bench.mustBuild(spec());
        SnapshotId base = new SnapshotId(bench.ids().get(0));
        byte[] contents = new byte[SNAPSHOT << 20];
        try (SharedStore store = bench.open()) {
            for (int n = 1; n <= SNAPSHOTS; n++) {
                SnapshotId id = new SnapshotId(String.format("%064x", n));
                try (Store.Draft draft = store.begin(id, Optional.of(base))) {
                    new Random(n).nextBytes(contents);
                    Files.write(draft.rootfs().resolve("large" + n), contents);
                    Files.writeString(draft.log(), "");
                    draft.commit();
                }
                store.index().touch(id, Optional.of(base), Instant.EPOCH.plusSeconds(n));
            }
        }
        // On btrfs, what has not been written yet seems to be free.
        Tools.run(place, "sync", "-f", ".");
        disk.leave(60);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        try (LoopDisk closing = disk) {
            closing.free();
            bench.mustBuild(spec(run("echo at last")));
            Lab.assertWhole(bench);
            bench.assertNothingTemporary();
        }
        lab.assertNothingLeft(bench);
    }

    private long free() {
        return bench.store().toFile().getUsableSpace() >> 20;
    }

    /** Which of them are there. */
    List<Integer> large() throws IOException {
        try (Stream<Path> results = Files.list(bench.store().resolve("result"))) {
            List<Path> all = results.toList();
            return IntStream.rangeClosed(1, SNAPSHOTS)
                    .filter(n -> all.stream().anyMatch(result -> Files.exists(result.resolve("rootfs/large" + n))))
                    .boxed()
                    .toList();
        }
    }

    private static int deleted(String out) {
        return PRUNED.matcher(out)
                .results()
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .sum();
    }

    @Test
    void aBuildPrunesWhileItGoesOn() throws IOException {
        long before = free();
        String out = bench.mustBuild(spec(run("echo small; sleep 1")), "--keep-free", before + 20 + "M");
        Matcher told = PRUNED.matcher(out);
        assertThat(told.find()).as(out).isTrue();
        assertThat(told.group(1)).as("two, and a tenth more is freed").isIn("2", "3", "4");
        assertThat(Double.parseDouble(told.group(2)) - Double.parseDouble(told.group(3)))
                .isBetween(20.0, 50.0);
        assertThat(free()).isGreaterThanOrEqualTo(before + 20);
        assertThat(large())
                .as("the longest unused went")
                .hasSize(SNAPSHOTS - deleted(out))
                .contains(5, 6, 7, 8);
        // Nothing is to be done, and nothing told.
        assertThat(bench.mustBuild(spec(run("echo another")), "--keep-free", "30M"))
                .doesNotContain("prune");
    }

    @Test
    void aCachedBuildPrunesNothing() throws IOException {
        bench.mustBuild(spec(run("echo small")));
        assertThat(bench.mustBuild(spec(run("echo small")), "--keep-free", "90%"))
                .doesNotContain("prune");
        assertThat(large()).hasSize(SNAPSHOTS);
    }

    @Test
    void whatCannotBeReachedIsTold() throws IOException {
        String out = bench.mustBuild(spec(run("echo small; sleep 1")), "--keep-free", "99%");
        assertThat(out)
                .containsOnlyOnce("---> no more snapshots can be pruned: ")
                .contains("--keep-free asks for ");
        assertThat(deleted(out)).isEqualTo(SNAPSHOTS);
    }

    @Test
    void belowTheFloorNoStepIsBegun() throws IOException {
        bench.mustBuild(spec(run("echo small")));
        disk.fill(8 << 10);
        assertThat(bench.mustBuild(spec(run("echo small")), "--min-free", "16M"))
                .contains("from cache");
        assertThat(bench.build(spec(run("echo small"), run("echo other")), "--min-free", "16M"))
                .isEqualTo(1);
        assertThat(bench.err())
                .contains("/: (run (shell \"echo other\"))\nthere is too little room for it: ")
                .contains(" are free where the store " + kind + ":" + bench.store()
                        + " lies, and with less than 16.0 MiB no step is begun (--min-free)\n")
                .contains("(obuilder prune --store " + kind + ":" + bench.store() + " --keep-free 17M)")
                .contains("with --keep-free, builds prune by themselves");
        assertThat(large()).hasSize(SNAPSHOTS);
        assertThat(bench.command("prune", "--store", kind + ":" + bench.store(), "--keep-free", "17M"))
                .isZero();
        bench.mustBuild(spec(run("echo small"), run("echo other")), "--min-free", "16M");
    }

    @Test
    void belowTheFloorAStepWaitsForThePruning() throws IOException {
        disk.fill(8 << 10);
        String out = bench.mustBuild(spec(run("echo other")), "--min-free", "16M", "--keep-free", "24M");
        assertThat(deleted(out)).isBetween(1, 3);
        disk.fill(8 << 10);
        bench.mustBuild(spec(run("echo other")), "--min-free", "16M", "--keep-free", "24M");
    }

    /** Each deletes what is missing at that moment: not both the same amount. */
    @Test
    void twoProcessesDoNotPruneDouble() throws IOException {
        long wanted = free() + 20;
        try (EngineProcess one = bench.start(spec(run("echo one; sleep 1")), "--keep-free", wanted + "M");
                EngineProcess two = bench.start(spec(run("echo two; sleep 1")), "--keep-free", wanted + "M")) {
            assertThat(one.join()).as(one.err()).isZero();
            assertThat(two.join()).as(two.err()).isZero();
            assertThat(one.out() + two.out()).contains("---> pruned ");
            assertThat(deleted(one.out()) + deleted(two.out()))
                    .isEqualTo(SNAPSHOTS - large().size())
                    .isBetween(2, 4);
        }
        assertThat(free()).isGreaterThanOrEqualTo(wanted - 1);
    }

    /** What was killed is taken up by the next: nothing that was kept is lost, nothing is half there. */
    @Test
    void aKillInTheMiddleCostsNothing() throws IOException {
        try (EngineProcess build = bench.start(spec(run("echo begun; " + Lab.FOREVER)), "--keep-free", "90%")) {
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> large().size() < SNAPSHOTS - 2);
            build.kill();
        }
        String out = bench.mustBuild(spec(run("echo after")));
        assertThat(out).contains("---> saved as");
        Lab.assertWhole(bench);
        bench.assertNothingTemporary();
    }

    @Test
    void aCancelledBuildStopsPruning() throws IOException {
        try (EngineProcess build = bench.start(spec(run("echo begun; " + Lab.FOREVER)), "--keep-free", "90%")) {
            build.awaitOutput("begun\n");
            build.signal("TERM");
            assertThat(build.join()).as(build.err()).isEqualTo(143);
        }
        bench.assertNothingTemporary();
    }
}
