package io.jenkins.plugins.obuilder.benchmarks;

import java.nio.file.Path;

/** A build of which everything is there already. */
final class CachedBenchmark implements Benchmark {
    private static final int STEPS = 20;
    private static final int COMMANDS = 15;
    private static final int WARM_UP = 200;
    private static final int BUILDS = 300;

    @Override
    public String name() {
        return "cached";
    }

    @Override
    public String title() {
        return "Steps that are there";
    }

    @Override
    public void measure(Path scratch, Figures figures) throws Exception {
        EngineBench bench = new EngineBench(scratch);
        Path store = bench.newStore();
        EngineBench.Command command = bench.command(store, StepsBenchmark.spec(STEPS));
        command.run();
        figures.time("the command, " + STEPS + " steps", Sample.of(COMMANDS, command), "300");
        figures.figure("peak memory of the command", EngineBench.memory(command), "200 MB");
        figures.time("`java -version`, to compare", Sample.of(COMMANDS, () -> bench.run("java", "-version")), "");
        try (EngineBench.Jvm jvm = bench.jvm(store)) {
            Sample.Work build = jvm.build(StepsBenchmark.spec(STEPS));
            Sample.of(WARM_UP, build);
            figures.time("the same inside a JVM", Sample.of(BUILDS, build), "5");
        }
    }
}
