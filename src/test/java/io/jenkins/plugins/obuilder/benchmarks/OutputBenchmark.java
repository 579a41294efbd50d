package io.jenkins.plugins.obuilder.benchmarks;

import static io.jenkins.plugins.obuilder.testing.Specs.run;

import java.nio.file.Files;
import java.nio.file.Path;

/** A step that prints very much. */
final class OutputBenchmark implements Benchmark {
    private static final int MEGABYTES = 200;
    private static final int ROUNDS = 5;

    @Override
    public String name() {
        return "output";
    }

    @Override
    public String title() {
        return "Output of 200 MB";
    }

    @Override
    public void measure(Path scratch, Figures figures) throws Exception {
        EngineBench bench = new EngineBench(scratch);
        String line = "a line of output as compilers print them, 64 characters long...\n";
        Path text = bench.directory.resolve("base/text");
        Files.writeString(text, line.repeat(MEGABYTES * 1_000_000 / line.length()));
        String spec = EngineBench.spec(run("cat /text"));
        Sample printed = new Sample();
        Sample floor = new Sample();
        Sample again = new Sample();
        Sample inside = new Sample();
        Sample insideAgain = new Sample();
        for (int round = 0; round < ROUNDS; round++) {
            Path store = bench.newStore();
            EngineBench.Command command = bench.command(store, spec);
            bench.run("sync");
            printed.add(command);
            bench.run("sync");
            again.add(command);
            bench.remove(store);
            bench.run("sync");
            floor.add(() -> bench.run("sh", "-c", "cat base/text > copy"));
            bench.remove(bench.directory.resolve("copy"));
        }
        try (EngineBench.Jvm jvm = bench.jvm(bench.newStore())) {
            inside.add(jvm.build(spec));
            Sample.Work replay = jvm.build(spec);
            for (int round = 0; round < ROUNDS; round++) {
                insideAgain.add(replay);
            }
        }
        figures.ratio("a step that prints it: the command", printed, "`cat` of it into a file", floor, "2");
        figures.ratio("its replay: the command", again, "`cat` of it into a file", floor, "1");
        figures.time("the step inside a JVM that drops what it reads", inside, "");
        figures.time("its replay inside a JVM that drops what it reads", insideAgain, "");
        EngineBench.Command command = bench.command(bench.newStore(), spec);
        figures.figure("peak memory while it prints", EngineBench.memory(command), "200 MB");
        figures.figure("peak memory of the replay", EngineBench.memory(command), "200 MB");
    }
}
