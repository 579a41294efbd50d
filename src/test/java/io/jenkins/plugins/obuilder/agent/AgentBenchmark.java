package io.jenkins.plugins.obuilder.agent;

import hudson.EnvVars;
import hudson.FilePath;
import io.jenkins.plugins.obuilder.benchmarks.Benchmark;
import io.jenkins.plugins.obuilder.benchmarks.Figures;
import io.jenkins.plugins.obuilder.benchmarks.Sample;
import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.Specs;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Builds on an agent that is a JVM of its own, followed as the step follows them; what Jenkins adds is not in it. */
public final class AgentBenchmark implements Benchmark {
    private static final int BUILDS = 15;
    private static final int STEPS = 20;
    private static final int MEGABYTES = 400;
    private static final int ROUNDS = 3;
    private static final int WAIT_MS = 500;
    private static final double NANOS_IN_S = 1e9;

    private Path base;
    private Path scratch;
    private BuildSpecification specification;

    @Override
    public String name() {
        return "agent";
    }

    @Override
    public String title() {
        return "Through an agent";
    }

    @Override
    public void measure(Path directory, Figures figures) throws Exception {
        scratch = directory;
        base = BusyboxTree.make(directory.resolve("base"));
        Files.createDirectories(directory.resolve("workspace"));
        try (SecondJvm agent = SecondJvm.start("-Xmx256m")) {
            FilePath workspace = agent.file(directory.resolve("workspace"));
            cached(workspace, figures);
            output(workspace, agent, figures);
        }
    }

    private void choose(String spec) {
        specification = new BuildSpecification(
                spec,
                null,
                null,
                List.of("--store=overlayfs:" + scratch.resolve("store"), "--image=busybox=dir:" + base),
                List.of());
    }

    private void cached(FilePath workspace, Figures figures) throws Exception {
        String[] steps = new String[STEPS];
        for (int i = 0; i < STEPS; i++) {
            steps[i] = Specs.run("echo step " + i);
        }
        choose(Specs.spec(steps));
        LogReceiver log = new FileLog(OutputStream.nullOutputStream());
        build(workspace, log);
        awaitPrepared();
        Sample agent = new Sample();
        Sample bare = new Sample();
        for (int i = 0; i < BUILDS; i++) {
            bare.add(this::command);
            agent.add(() -> build(workspace, log));
        }
        figures.ratio(STEPS + " cached steps, through an agent", agent, "the command", bare, "+ 1000 ms");
    }

    /** The archive of classes, which the first build leaves to be made, must not be made while others are measured. */
    private void awaitPrepared() throws Exception {
        Path engines = Path.of(scratch.resolve("workspace") + "@tmp/obuilder");
        while (EngineBench.list(engines).stream().noneMatch(path -> Files.exists(path.resolve("classes.jsa")))) {
            Thread.sleep(100);
        }
    }

    private void command() throws Exception {
        Path spec = Files.writeString(scratch.resolve("bare.spec"), specification.spec());
        Process process = new ProcessBuilder(
                        Path.of("obuilder").toAbsolutePath().toString(),
                        "build",
                        "-f",
                        spec.toString(),
                        "--store=overlayfs:" + scratch.resolve("store"),
                        "--image=busybox=dir:" + base,
                        scratch.resolve("workspace").toString())
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("bare.out").toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(Files.readString(scratch.resolve("bare.out")));
        }
    }

    private void build(FilePath workspace, LogReceiver log) throws Exception {
        EngineProcess engine = EngineProcess.in(workspace);
        engine.start(specification, BuildSecrets.NONE, workspace, new EnvVars());
        EngineProcess.Progress progress;
        do {
            progress = engine.follow(workspace, log, WAIT_MS);
        } while (!progress.ended());
        progress.result();
        engine.cleanUp(workspace);
    }

    private void output(FilePath workspace, SecondJvm agent, Figures figures) throws Exception {
        String line = "a line of output as compilers print them, 64 characters long...\n";
        Files.writeString(base.resolve("text"), line.repeat(MEGABYTES * 1_000_000 / line.length()));
        for (int round = 1; round <= ROUNDS; round++) {
            choose(Specs.spec(Specs.run("cat /text; true " + round)));
            long start = System.nanoTime();
            FileLog log;
            try (OutputStream out =
                    new BufferedOutputStream(Files.newOutputStream(scratch.resolve("controller.log")))) {
                log = new FileLog(out);
                build(workspace, log);
            }
            double seconds = (System.nanoTime() - start) / NANOS_IN_S;
            figures.figure(
                    MEGABYTES + " MB of output, agent with a heap of 256 MB",
                    String.format(Locale.ROOT, "%.1f MB/s", MEGABYTES / seconds),
                    "40 MB/s at least");
            figures.figure(
                    "heap in use on this side at most",
                    String.format(Locale.ROOT, "%.0f MB", log.mostMemory / 1e6),
                    "flat");
        }
        figures.figure("peak memory of the agent", highWaterMark(agent.process().pid()), "flat");
    }

    private static String highWaterMark(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.substring(6).strip())
                .findFirst()
                .orElseThrow();
    }

    /** Writes the text, and looks at this process' memory now and then. */
    private static final class FileLog implements LogReceiver {
        private final OutputStream out;
        private long mostMemory;

        FileLog(OutputStream out) {
            this.out = out;
        }

        @Override
        public void text(byte[] buffer, int offset, int length) throws IOException {
            out.write(buffer, offset, length);
            Runtime runtime = Runtime.getRuntime();
            mostMemory = Math.max(mostMemory, runtime.totalMemory() - runtime.freeMemory());
        }

        @Override
        public void mark(Mark mark) {
            // Nothing is shown here.
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
