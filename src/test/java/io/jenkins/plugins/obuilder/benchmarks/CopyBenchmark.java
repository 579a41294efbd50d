package io.jenkins.plugins.obuilder.benchmarks;

import static io.jenkins.plugins.obuilder.testing.Specs.copy;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Copies from the build context. */
final class CopyBenchmark implements Benchmark {
    private static final int FILES = 10_000;
    private static final int SIZE = 4096;
    private static final int GIBIBYTE = 1 << 30;
    private static final int BLOCK = 1 << 20;
    private static final int ROUNDS = 5;
    private static final int UNCHANGED = 30;

    @Override
    public String name() {
        return "copy";
    }

    @Override
    public String title() {
        return "Copies";
    }

    @Override
    public void measure(Path scratch, Figures figures) throws Exception {
        EngineBench bench = new EngineBench(scratch);
        Random random = new Random(1);
        Path many = Files.createDirectory(bench.context.resolve("many"));
        for (int n = 0; n < FILES; n++) {
            Files.write(many.resolve("file" + n), bytes(random, SIZE));
        }
        Path large = bench.context.resolve("large");
        try (OutputStream out = Files.newOutputStream(large)) {
            for (int n = 0; n < GIBIBYTE / BLOCK; n++) {
                out.write(bytes(random, BLOCK));
            }
        }
        // What was written just now is still racy, and the disk is busy with it.
        bench.run("sync");
        Thread.sleep(3000);
        compare(bench, figures, new Case("10,000 files of 4 KiB", "many", "cp -a", "2", () -> {}, () -> {}));
        try (EngineBench.Jvm jvm = bench.jvm(bench.newStore())) {
            Sample.Work build = jvm.build(EngineBench.spec(copy("many", "/many")));
            build.run();
            figures.time("the same unchanged, inside a JVM", Sample.of(UNCHANGED, build), "100");
        }
        compare(
                bench,
                figures,
                new Case(
                        "one file of 1 GiB",
                        "large",
                        "cp",
                        "2.5",
                        () -> bench.touchMemory(2L * GIBIBYTE),
                        () -> removeCopies(bench)));
    }

    /**
     * What is copied.
     *
     * @param before run before each copy
     * @param after run after each round. Of many files nothing is removed before the end: ext4 passes over the inodes of files that were
     *     removed within the last minutes, one by one, which would be charged to whoever makes files next.
     */
    private record Case(
            String what, String name, String program, String atMost, Sample.Work before, Sample.Work after) {}

    private static void removeCopies(EngineBench bench) throws Exception {
        bench.run("sh", "-c", "rm -rf store* cp-*");
    }

    private static void compare(EngineBench bench, Figures figures, Case copied) throws Exception {
        String spec = EngineBench.spec(copy(copied.name, "/" + copied.name));
        Sample command = new Sample();
        Sample inside = new Sample();
        Sample floor = new Sample();
        for (int round = 0; round < ROUNDS; round++) {
            Path store = bench.newStore();
            settle(bench);
            copied.before.run();
            command.add(bench.command(store, spec));
            settle(bench);
            try (EngineBench.Jvm jvm = bench.jvm(bench.newStore())) {
                Sample.Work build = jvm.build(spec);
                copied.before.run();
                inside.add(build);
            }
            settle(bench);
            String target = "cp-" + copied.name + round;
            copied.before.run();
            floor.add(() -> bench.run("sh", "-c", copied.program + " context/" + copied.name + " " + target));
            copied.after.run();
        }
        String beside = "`" + copied.program + "`";
        figures.ratio(copied.what + ", new: the command", command, beside, floor, copied.atMost);
        figures.ratio("the same inside a JVM", inside, beside, floor, copied.atMost);
        figures.figure(
                "peak memory of the command", EngineBench.memory(bench.command(bench.newStore(), spec)), "200 MB");
    }

    /** What the disk still has to do must not be charged to whoever comes next. */
    private static void settle(EngineBench bench) throws Exception {
        bench.run("sync");
    }

    private static byte[] bytes(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
