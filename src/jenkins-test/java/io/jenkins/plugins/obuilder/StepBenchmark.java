package io.jenkins.plugins.obuilder;

import hudson.model.Slave;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Prints what the step costs in a real Jenkins; judges nothing. Not among the tests: the profile {@code benchmark} runs it. */
@WithJenkins
class StepBenchmark {
    private static final int BUILDS = 11;
    private static final int MEGABYTES = 400;

    @TempDir
    Path directory;

    @RegisterExtension
    final InboundAgentExtension agents = new InboundAgentExtension();

    private JenkinsRule jenkins;
    private Lab lab;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        lab = new Lab(directory);
    }

    @Test
    void aCachedBuild() throws Exception {
        Slave agent = Lab.agent(jenkins);
        String spec = Lab.spec("echo x");
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition(
                "node('" + agent.getNodeName() + "') {\ndef t = System.currentTimeMillis()\n" + lab.step(spec)
                        + "\necho \"the step took ${System.currentTimeMillis() - t} ms\"\n}",
                false));
        jenkins.buildAndAssertSuccess(job);
        awaitPrepared(Path.of(agent.getRemoteFS(), "obuilder"));
        long[] step = new long[BUILDS];
        long[] bare = new long[BUILDS];
        for (int i = 0; i < BUILDS; i++) {
            bare[i] = bare(spec);
            WorkflowRun run = jenkins.buildAndAssertSuccess(job);
            step[i] = Long.parseLong(JenkinsRule.getLog(run).replaceFirst("(?s).*the step took (\\d+) ms.*", "$1"));
        }
        Arrays.sort(step);
        Arrays.sort(bare);
        System.out.printf(
                "FIGURE a cached build: the step %d / %d ms, the command %d / %d ms (shortest / median of %d)%n",
                step[0], step[BUILDS / 2], bare[0], bare[BUILDS / 2], BUILDS);
    }

    /** The archive that lets engines start faster, which the first build leaves to be made. */
    private static void awaitPrepared(Path engines) throws IOException, InterruptedException {
        for (int pause = 0; pause < 120; pause++) {
            try (Stream<Path> files = Files.walk(engines)) {
                if (files.anyMatch(file -> file.endsWith("classes.jsa"))) {
                    return;
                }
            }
            Thread.sleep(500);
        }
        throw new IOException("no archive of classes was made in " + engines);
    }

    private long bare(String text) throws IOException, InterruptedException {
        Path spec = Files.writeString(directory.resolve("bare.spec"), text);
        long start = System.nanoTime();
        Process process = new ProcessBuilder(
                        Path.of("obuilder").toAbsolutePath().toString(),
                        "build",
                        "-f",
                        spec.toString(),
                        "--store=" + lab.store(),
                        "--image=" + lab.image(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("bare.out").toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(Files.readString(directory.resolve("bare.out")));
        }
        return (System.nanoTime() - start) / 1_000_000;
    }

    @Test
    void muchOutput() throws Exception {
        InboundAgentExtension.Options options = InboundAgentExtension.Options.newBuilder()
                .name("small")
                .javaOptions("-Xmx256m")
                .build();
        Slave agent = agents.createAgent(jenkins, options);
        String line = "a line of output as compilers print them, 64 characters long...\n";
        Files.writeString(directory.resolve("image/text"), line.repeat(MEGABYTES * 1_000_000 / line.length()));
        // The base image, with that file, is taken into the store before.
        jenkins.buildAndAssertSuccess(Lab.pipeline(jenkins, agent, lab.step(Lab.spec("true"))));
        for (int round = 1; round <= 3; round++) {
            WorkflowJob job = Lab.pipeline(jenkins, agent, lab.step(Lab.spec("cat /text; true " + round)));
            System.gc();
            MemoryWatch watch = new MemoryWatch();
            long start = System.nanoTime();
            WorkflowRun run = jenkins.buildAndAssertSuccess(job);
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    "FIGURE %d MB of output: %.1f MB/s, the run's log has %d bytes; controller's heap at most %d MB, %s%n",
                    MEGABYTES, MEGABYTES / seconds, run.getLogText().length(), watch.most() >> 20, agentMemory());
            run.delete();
        }
    }

    private static String agentMemory() throws IOException {
        for (ProcessHandle process : (Iterable<ProcessHandle>) ProcessHandle.allProcesses()::iterator) {
            String line = process.info().commandLine().orElse("");
            if (line.contains("-name small") && line.contains("-Xmx256m")) {
                return "the agent " + Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                        .filter(status -> status.startsWith("VmHWM"))
                        .findFirst()
                        .orElse("?");
            }
        }
        return "no agent";
    }

    /** Looks at this process' heap now and then. */
    private static final class MemoryWatch {
        private final Thread thread = new Thread(this::look, "memory");
        private volatile boolean stop;
        private volatile long most;

        MemoryWatch() {
            thread.setDaemon(true);
            thread.start();
        }

        private void look() {
            try {
                while (!stop) {
                    most = Math.max(most, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
                    Thread.sleep(20);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        long most() throws InterruptedException {
            stop = true;
            thread.join();
            return most;
        }
    }
}
