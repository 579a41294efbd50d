package io.jenkins.plugins.obuilder.benchmarks;

import static io.jenkins.plugins.obuilder.testing.Specs.build;
import static io.jenkins.plugins.obuilder.testing.Specs.copyFrom;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.withBuilds;

import java.nio.file.Path;

/** Nested builds that do not need each other. */
final class StagesBenchmark implements Benchmark {
    private static final int STAGES = 4;
    private static final int ROUNDS = 5;

    @Override
    public String name() {
        return "stages";
    }

    @Override
    public String title() {
        return "Nested builds at once";
    }

    @Override
    public void measure(Path scratch, Figures figures) throws Exception {
        EngineBench bench = new EngineBench(scratch);
        StringBuilder builds = new StringBuilder();
        StringBuilder copies = new StringBuilder();
        for (int n = 0; n < STAGES; n++) {
            builds.append(build("b" + n, run("sleep 2; echo " + n + " > /file")));
            copies.append(copyFrom("b" + n, "file", "/file" + n));
        }
        String spec = withBuilds(builds.toString(), copies.toString());
        Sample sample = new Sample();
        for (int round = 0; round < ROUNDS; round++) {
            sample.add(bench.command(bench.newStore(), spec));
        }
        figures.time("four nested `sleep 2` and a copy from each: the command", sample, "2600");
        figures.figure(
                "peak memory of the command", EngineBench.memory(bench.command(bench.newStore(), spec)), "200 MB");
    }
}
