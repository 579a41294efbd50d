package io.jenkins.plugins.obuilder.benchmarks;

import static io.jenkins.plugins.obuilder.testing.Specs.run;

import io.jenkins.plugins.obuilder.testing.PlainCgroups;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** What a step costs that does next to nothing. */
final class StepsBenchmark implements Benchmark {
    private static final int FEW = 20;
    private static final int MANY = 40;
    private static final int ROUNDS = 5;

    @Override
    public String name() {
        return "steps";
    }

    @Override
    public String title() {
        return "Trivial steps";
    }

    @Override
    public void measure(Path scratch, Figures figures) throws Exception {
        EngineBench bench = new EngineBench(scratch);
        measure(bench, "runc", figures);
        try (PlainCgroups cgroups = PlainCgroups.make()) {
            figures.figure("from here on with control groups that crun accepts", cgroups.toString(), "");
            measure(bench, "crun", figures);
        }
    }

    /** Beside what a step with runc cannot do without. */
    private static void measure(EngineBench bench, String runtime, Figures figures) throws Exception {
        Floor floor = new Floor(bench);
        Sample few = new Sample();
        Sample many = new Sample();
        Sample difference = new Sample();
        Sample parts = new Sample();
        for (int round = 0; round < ROUNDS; round++) {
            long shorter = once(bench, runtime, FEW);
            long longer = once(bench, runtime, MANY);
            few.add(shorter);
            many.add(longer);
            difference.add((longer - shorter) / (MANY - FEW));
            for (int i = 0; i < MANY; i++) {
                parts.add(floor);
            }
        }
        figures.time(runtime + ": the command that builds " + FEW + " `run` steps", few, "");
        figures.time(runtime + ": the command that builds " + MANY + " `run` steps", many, "");
        figures.ratio(
                runtime + ": a step: (T" + MANY + " − T" + FEW + ") / " + (MANY - FEW),
                difference,
                "overlay mount + umount + `runc run true`",
                parts,
                "1.5");
        figures.figure(
                "peak memory of the command",
                EngineBench.memory(bench.command(bench.newStore(), spec(MANY), "--runtime", runtime)),
                "200 MB");
    }

    static String spec(int steps) {
        return EngineBench.spec(
                IntStream.range(0, steps).mapToObj(n -> run("true " + n)).toArray(String[]::new));
    }

    private static long once(EngineBench bench, String runtime, int steps) throws Exception {
        EngineBench.Command command = bench.command(bench.newStore(), spec(steps), "--runtime", runtime);
        long start = System.nanoTime();
        command.run();
        return System.nanoTime() - start;
    }

    /** What a step cannot do without, done by the programs that do it. */
    private static final class Floor implements Sample.Work {
        private final EngineBench bench;
        private final String script;

        Floor(EngineBench bench) throws Exception {
            this.bench = bench;
            Path directory = Files.createDirectories(bench.directory.resolve("floor"));
            bench.run(
                    "sh",
                    "-ec",
                    "cd floor; rm -rf config.json; mkdir -p upper work merged; runc spec; sed -i 's/\"terminal\": true/\"terminal\": false/;"
                            + " s/\"sh\"/\"true\"/; s/\"readonly\": true/\"readonly\": false/;"
                            + " s,\"path\": \"rootfs\",\"path\": \"merged\",' config.json");
            script = "cd " + directory + "; mount -t overlay overlay -o lowerdir=" + bench.directory.resolve("base")
                    + ",upperdir=upper,workdir=work merged; runc run benchmark-$$; umount merged";
        }

        @Override
        public void run() throws Exception {
            bench.run("sh", "-ec", script);
        }
    }
}
