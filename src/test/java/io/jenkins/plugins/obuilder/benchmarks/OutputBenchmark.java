package io.jenkins.plugins.obuilder.benchmarks;

import static io.jenkins.plugins.obuilder.testing.Specs.run;

import java.nio.file.Files;
import java.nio.file.Path;

/** A step that prints very much. */
final class OutputBenchmark implements Benchmark {
    private static final int MEGABYTES = 200;
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 2;

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
        String silentSpec = EngineBench.spec(run("cat /dev/null"));
        Sample printed = new Sample();
        Sample floor = new Sample();
        Sample again = new Sample();
        Sample printing = new Sample();
        Sample replaying = new Sample();
        for (int round = 0; round < ROUNDS; round++) {
            Path store = bench.newStore();
            EngineBench.Command command = bench.command(store, spec);
            EngineBench.Command silent = bench.command(store, silentSpec);
            settle(bench);
            long silence = Sample.nanos(silent);
            settle(bench);
            long time = Sample.nanos(command);
            printed.add(time);
            printing.add(time - silence);
            settle(bench);
            silence = Sample.nanos(silent);
            settle(bench);
            time = Sample.nanos(command);
            again.add(time);
            replaying.add(time - silence);
            bench.remove(store);
            settle(bench);
            floor.add(() -> bench.run("sh", "-c", "cat base/text > copy"));
            bench.remove(bench.directory.resolve("copy"));
        }
        figures.ratio("a step that prints it: the command", printed, "`cat` of it into a file", floor, "2");
        figures.ratio("the same less a step that prints nothing", printing, "`cat` of it into a file", floor, "2");
        figures.ratio("its replay: the command", again, "`cat` of it into a file", floor, "1");
        figures.ratio("the same less a replay of nothing", replaying, "`cat` of it into a file", floor, "1");
        inside(bench, figures, spec, silentSpec, floor);
        EngineBench.Command command = bench.command(bench.newStore(), spec);
        figures.figure("peak memory while it prints", EngineBench.memory(command), "200 MB");
        figures.figure("peak memory of the replay", EngineBench.memory(command), "200 MB");
    }

    /** For whoever comes next: no output of the last is left to be removed, the disk has done its work, there is memory for log and output. */
    private static void settle(EngineBench bench) throws Exception {
        bench.run("rm", "-f", "out");
        bench.run("sync");
        bench.touchMemory(4L * MEGABYTES * 1_000_000);
    }

    /** In a JVM that drops what it reads. Its first rounds only warm up. */
    private static void inside(EngineBench bench, Figures figures, String spec, String silentSpec, Sample floor)
            throws Exception {
        Sample printed = new Sample();
        Sample again = new Sample();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            Path store = bench.newStore();
            try (EngineBench.Jvm jvm = bench.jvm(store)) {
                settle(bench);
                long silence = Sample.nanos(jvm.build(silentSpec));
                settle(bench);
                long time = Sample.nanos(jvm.build(spec));
                long replay = Sample.nanos(jvm.build(spec));
                if (round >= 0) {
                    printed.add(time - silence);
                    again.add(replay);
                }
            }
            bench.remove(store);
        }
        figures.ratio(
                "a step inside a JVM, less one that prints nothing", printed, "`cat` of it into a file", floor, "2");
        figures.ratio("its replay inside a JVM", again, "`cat` of it into a file", floor, "1");
    }
}
