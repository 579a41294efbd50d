package io.jenkins.plugins.obuilder.benchmarks;

import io.jenkins.plugins.obuilder.agent.AgentBenchmark;
import io.jenkins.plugins.obuilder.host.ProcessDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Prints the figures of docs/benchmarks.md: all of them, or those of the benchmarks that are named. */
public final class Benchmarks {
    private static final List<Benchmark> ALL = List.of(
            new StepsBenchmark(),
            new StoresBenchmark(),
            new CachedBenchmark(),
            new CopyBenchmark(),
            new ImageBenchmark(),
            new StagesBenchmark(),
            new OutputBenchmark(),
            new ObuilderfsBenchmark(),
            new AgentBenchmark());

    private Benchmarks() {}

    public static void main(String[] names) throws Exception {
        List<String> wanted = List.of(names);
        List<String> known = ALL.stream().map(Benchmark::name).toList();
        if (!known.containsAll(wanted)) {
            System.err.println("benchmarks: there are " + String.join(", ", known));
            System.exit(2);
        }
        System.out.println(Machine.describe());
        for (Benchmark benchmark : ALL) {
            if (wanted.isEmpty() || wanted.contains(benchmark.name())) {
                run(benchmark);
            }
        }
    }

    private static void run(Benchmark benchmark) throws Exception {
        Path scratch = Files.createTempDirectory("benchmark-" + benchmark.name());
        try {
            benchmark.measure(scratch, new Figures(benchmark.title(), System.out));
        } finally {
            remove(scratch);
        }
    }

    private static void remove(Path scratch) throws IOException {
        ProcessDirectory.deleteTree(scratch);
    }
}
