package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.cache;
import static io.jenkins.plugins.obuilder.testing.Specs.copy;
import static io.jenkins.plugins.obuilder.testing.Specs.copyFrom;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.cli.EngineProcess;
import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Specs;
import io.jenkins.plugins.obuilder.testing.Tools;
import io.jenkins.plugins.obuilder.testing.ZfsPool;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Minutes of several processes that build different things, some of them killed, while this one builds, prunes and deletes: no build
 * fails, nothing half is found, nothing is left, and this process holds no more memory, files and threads at the end than after its first
 * rounds. {@code -Dobuilder.soak=SECONDS} sets for how long.
 */
@Tag("long")
@Needs({
    Need.PRIVATE_ROOT,
    Need.RUNC,
    Need.OVERLAYFS,
    Need.BTRFS,
    Need.XFS,
    Need.RSYNC,
    Need.ZFS,
    Need.BUSYBOX_STATIC,
    Need.LOOP_DEVICES
})
class SoakTest {
    private static final long SECONDS = Long.getLong("obuilder.soak", 150);
    private static final int MEBIBYTES = 1024;

    /** After so many rounds all that is kept for later has been made. */
    private static final int WARM = 4;

    private static final long MOST_MORE_BYTES = 8 << 20;

    /** Files and threads that come and go by themselves. */
    private static final int MOST_MORE = 3;

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final List<Held> held = new ArrayList<>();
    private Lab lab;
    private Workbench bench;
    private int builds;
    private int killed;
    private int pruned;

    /** What this process holds. */
    private record Held(long bytes, int files, int threads) {
        static Held now() throws IOException, InterruptedException {
            for (int i = 0; i < 3; i++) {
                System.gc();
                Thread.sleep(100);
            }
            Runtime runtime = Runtime.getRuntime();
            try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
                return new Held(
                        runtime.totalMemory() - runtime.freeMemory(),
                        (int) files.count(),
                        Thread.getAllStackTraces().size());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "overlayfs, mkfs.ext4 -q -m 0, ''",
        "btrfs, mkfs.btrfs -q, ''",
        "xfs, mkfs.xfs -q, ''",
        "rsync, mkfs.ext4 -q -m 0, copy",
        "rsync, mkfs.ext4 -q -m 0, hardlink",
        "rsync, mkfs.ext4 -q -m 0, hardlink_unsafe",
        "zfs, '', ''"
    })
    void staysWholeAndFlat(String kind, String mkfs, String mode) throws Exception {
        lab = new Lab(directory);
        Path place = elsewhere.resolve("disk");
        try (Closeable disk = mkfs.isEmpty()
                ? ZfsPool.make(elsewhere, MEBIBYTES)
                : LoopDisk.mount(elsewhere.resolve("disk.img"), MEBIBYTES, place, mkfs.split(" "))) {
            Path root = disk instanceof ZfsPool pool ? pool.root().resolve("store") : place.resolve("store");
            if (disk instanceof ZfsPool) {
                Tools.run(directory, "zfs", "create", ZfsPool.NAME + "/store");
            }
            bench = new Workbench(directory, kind, root).with("--image", "busybox=dir:" + lab.base);
            if (!mode.isEmpty()) {
                bench.with("--rsync-mode", mode);
            }
            Path tree = Files.createDirectories(bench.context.resolve("tree"));
            for (int i = 0; i < 20; i++) {
                Files.write(tree.resolve("file" + i), new byte[3000]);
            }
            build();
            // The daemon that stands in for OpenZFS bears one at a time.
            soak(kind + " " + mode, kind.equals("zfs") && !ZfsPool.isReal());
        }
    }

    private void soak(String what, boolean oneAtATime) throws Exception {
        long start = System.nanoTime();
        while (TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) < SECONDS || held.size() <= WARM) {
            try {
                round(oneAtATime);
            } catch (AssertionError | Exception e) {
                throw new AssertionError("round " + held.size() + ", seed " + seed, e);
            }
            held.add(Held.now());
        }
        Held warm = held.get(WARM);
        Held end = held.get(held.size() - 1);
        System.out.printf(
                "%s: %d s, %d rounds, %d builds, %d of them killed, %d prunings and deletions; none failed, all whole, nothing left;"
                        + " heap %d KiB after %d rounds, %d at the end; files %d, %d; threads %d, %d; seed %d%n",
                what,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
                held.size(),
                builds,
                killed,
                pruned,
                warm.bytes() >> 10,
                WARM + 1,
                end.bytes() >> 10,
                warm.files(),
                end.files(),
                warm.threads(),
                end.threads(),
                seed);
        assertThat(end.bytes()).as("%s", held).isLessThan(warm.bytes() + MOST_MORE_BYTES);
        assertThat(end.files()).as("%s", held).isLessThanOrEqualTo(warm.files() + MOST_MORE);
        assertThat(end.threads()).as("%s", held).isLessThanOrEqualTo(warm.threads() + MOST_MORE);
    }

    private void round(boolean oneAtATime) throws Exception {
        int victim = random.nextInt(3);
        List<EngineProcess> processes = new ArrayList<>();
        try {
            for (int n = 0; n < 3; n++) {
                EngineProcess process = bench.start(spec());
                processes.add(process);
                builds++;
                if (oneAtATime) {
                    end(process, n == victim);
                }
            }
            if (oneAtATime) {
                prune();
                build();
            } else {
                Random moments = new Random(random.nextLong());
                CompletableFuture<Void> pruning = CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 4; i++) {
                        sleep(moments.nextInt(300));
                        prune(moments);
                    }
                });
                build();
                end(processes.get(victim), true);
                for (EngineProcess process : processes) {
                    end(process, process == processes.get(victim));
                }
                pruning.get(5, TimeUnit.MINUTES);
            }
        } finally {
            processes.forEach(EngineProcess::close);
        }
        build();
        if (oneAtATime) {
            Lab.assertWhole(bench);
            return;
        }
        lab.assertNothingLeft(bench);
        Lab.assertWhole(bench);
    }

    private void build() throws IOException {
        bench.mustBuild(spec());
        builds++;
    }

    private void end(EngineProcess process, boolean kill) throws IOException {
        if (kill) {
            sleep(random.nextInt(1500));
            killed += process.process().isAlive() ? 1 : 0;
            process.kill();
            return;
        }
        assertThat(process.join()).as(process.out() + process.err()).isZero();
        assertThat(process.out()).contains("passed");
    }

    private void prune() {
        prune(random);
    }

    /** By the command, in this process; or, like a program that has the store open, by the store itself. */
    private void prune(Random choice) {
        Workbench pruner = new Workbench(bench, bench.context);
        String store = pruner.name();
        try {
            switch (choice.nextInt(4)) {
                case 0 -> {
                    assertThat(pruner.command("clean", "--store", store, "--caches"))
                            .as(pruner.err())
                            .isZero();
                }
                case 1 -> {
                    try (SharedStore opened = pruner.open()) {
                        opened.list().stream()
                                .sorted()
                                .skip(choice.nextInt(10))
                                .findFirst()
                                .ifPresent(id -> assertThat(pruner.command("delete", "--store", store, id.hex()))
                                        .as(pruner.err())
                                        .isIn(0, 1));
                    }
                }
                default -> {
                    assertThat(pruner.command("prune", "--store", store, "--limit", "" + choice.nextInt(20)))
                            .as(pruner.err())
                            .isZero();
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        synchronized (this) {
            pruned++;
        }
    }

    private static void sleep(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One of many, which share some of their steps; every step looks whether the one before is whole. */
    private String spec() {
        StringBuilder stages = new StringBuilder();
        StringBuilder copies = new StringBuilder();
        int most = 1 + random.nextInt(3);
        for (int stage = 1; stage <= most; stage++) {
            int variant = random.nextInt(4);
            stages.append(Specs.build(
                    "stage" + stage,
                    "(workdir /made)",
                    copy("tree", "/made/tree"),
                    run("set -e; [ $(ls tree | wc -l) = 20 ]; for n in $(seq 30); do echo " + variant
                            + " > out$n; done"),
                    run(
                            "set -e; [ $(cat out* | grep -c " + variant
                                    + ") = 30 ]; touch /c/a /c/b; cmp /c/a /c/b; echo " + stage + " >> /c/a; echo "
                                    + stage + " >> /c/b; echo passed > stage" + stage,
                            cache("shared", "/c")),
                    random.nextBoolean() ? "" : run("rm out1; ls out* | wc -l | grep -qx 29")));
            copies.append(copyFrom("stage" + stage, "/made/stage" + stage, "/made/stage" + stage));
        }
        return Specs.withBuilds(
                stages.toString(),
                "(workdir /made)",
                copies.toString(),
                run("[ $(cat stage* | grep -c passed) = " + most + " ] && cat stage1"));
    }
}
