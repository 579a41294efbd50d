package io.jenkins.plugins.obuilder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Computer;
import hudson.model.Result;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** Controllers and agents that stop, are killed, come back or do not, in the middle of a build: each a process of its own. */
class RestartTest {
    private static final String AGENT = "remote";
    private static final String JOB = "p";

    @RegisterExtension
    final RealJenkinsExtension jenkins = new RealJenkinsExtension();

    @RegisterExtension
    final InboundAgentExtension agents = new InboundAgentExtension();

    @TempDir
    Path directory;

    private Lab lab;

    @BeforeEach
    void start() throws Throwable {
        lab = new Lab(directory);
        jenkins.startJenkins();
        agents.createAgent(jenkins, AGENT);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        await(() -> Lab.processesWith("/obuilder/engine-") == 0);
    }

    /** Starts the pipeline, and waits until it has printed this. */
    private void begin(String spec, String until) throws Throwable {
        String body = lab.step(spec);
        jenkins.runRemotely(r -> {
            WorkflowJob job = r.createProject(WorkflowJob.class, JOB);
            job.setDefinition(new org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition(
                    "node('" + AGENT + "') {\n" + body + "\n}", true));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            r.waitForMessage(until, run);
        });
    }

    /** How a run ended. */
    private record End(String result, String log) implements Serializable {}

    private End end() throws Throwable {
        return jenkins.runRemotely(r -> {
            WorkflowRun run = run(r);
            r.waitForCompletion(run);
            return new End(String.valueOf(run.getResult()), JenkinsRule.getLog(run));
        });
    }

    private static WorkflowRun run(JenkinsRule r) {
        return r.jenkins.getItemByFullName(JOB, WorkflowJob.class).getBuildByNumber(1);
    }

    /** A command that prints numbered lines, slowly. */
    private static String lines(int many) {
        return Lab.spec("echo started; for i in $(seq " + many + "); do echo line $i.; usleep 20000; done; echo all done");
    }

    private static void assertWhole(End end, int many, boolean once) {
        assertEquals("SUCCESS", end.result(), end.log());
        List<String> lines = end.log().lines().filter(line -> line.matches("line \\d+\\.")).toList();
        Set<String> expected = new HashSet<>();
        for (int i = 1; i <= many; i++) {
            expected.add("line " + i + ".");
        }
        assertEquals(expected, new HashSet<>(lines), "no line is lost");
        if (once) {
            assertEquals(many, lines.size(), "no line is twice");
        }
    }

    @Test
    void theControllerIsRestarted() throws Throwable {
        begin(lines(400), "line 20.");

        jenkins.stopJenkins();
        Thread.sleep(2_000);
        jenkins.startJenkins();

        assertWhole(end(), 400, true);
    }

    @Test
    void theControllerIsKilled() throws Throwable {
        begin(lines(400), "line 20.");

        jenkins.stopJenkinsForcibly();
        Thread.sleep(2_000);
        jenkins.startJenkins();

        assertWhole(end(), 400, false);
    }

    /** At most the last piece comes twice: a piece has a mebibyte. */
    @Test
    void theControllerIsKilledInABurst() throws Throwable {
        begin(
                Lab.spec("echo started; for i in $(seq 300000); do echo line $i. 0123456789012345678901234567890123456789; done;"
                        + " echo all done"),
                "line 2000. ");

        jenkins.stopJenkinsForcibly();
        jenkins.startJenkins();

        End end = end();
        assertEquals("SUCCESS", end.result());
        List<Integer> numbers = new ArrayList<>();
        end.log().lines().filter(line -> line.startsWith("line ")).forEach(line ->
                numbers.add(Integer.parseInt(line.substring(5, line.indexOf('.')))));
        assertEquals(300_000, new HashSet<>(numbers).size(), "no line is lost");
        long twice = (numbers.size() - 300_000) * 54L;
        assertTrue(twice <= 1 << 20, "bytes that came twice: " + twice);
    }

    @Test
    void theBuildEndsWhileTheControllerIsDown() throws Throwable {
        begin(lines(100), "line 10.");

        jenkins.stopJenkinsForcibly();
        await(() -> Lab.processesWith("/obuilder/engine-") == 0);
        jenkins.startJenkins();

        assertWhole(end(), 100, false);
    }

    @Test
    void theAgentIsKilledAndComesBack() throws Throwable {
        begin(lines(400), "line 20.");

        agents.stop(AGENT);
        Thread.sleep(2_000);
        agents.start(jenkins, InboundAgentExtension.Options.newBuilder().name(AGENT).build());

        End end = end();
        assertWhole(end, 400, true);
        assertTrue(end.log().contains("the agent " + AGENT + " is back"), end.log());
    }

    @Test
    void anAgentThatDoesNotComeBackIsGivenUp() throws Throwable {
        jenkins.runRemotely(r -> {
            hudson.ExtensionList.lookupSingleton(ObuilderConfiguration.class).setLostAgentMinutes(1);
        });
        begin(Lab.spec("echo started; sleep 4321"), "started");

        agents.stop(AGENT);

        End end = end();
        assertEquals("FAILURE", end.result());
        assertTrue(end.log().contains("the agent " + AGENT + " has not come back for 1 minutes"), end.log());

        agents.start(jenkins, InboundAgentExtension.Options.newBuilder().name(AGENT).build());
        await(() -> Lab.processesWith("sleep 4321") == 0);
    }

    @Test
    void anAbortWhileTheAgentIsAwayReachesIt() throws Throwable {
        begin(Lab.spec("echo started; sleep 4322"), "started");
        agents.stop(AGENT);

        String result = jenkins.runRemotely(r -> {
            WorkflowRun run = run(r);
            r.waitForMessage("is not connected", run);
            run.doStop();
            r.waitForCompletion(run);
            return String.valueOf(run.getResult());
        });
        assertEquals(Result.ABORTED.toString(), result);

        agents.start(jenkins, InboundAgentExtension.Options.newBuilder().name(AGENT).build());
        await(() -> Lab.processesWith("sleep 4322") == 0);
    }

    @Test
    void anAbortAfterARestartReachesTheEngine() throws Throwable {
        begin(Lab.spec("echo started; sleep 4323"), "started");
        jenkins.stopJenkinsForcibly();
        jenkins.startJenkins();

        String result = jenkins.runRemotely(r -> {
            WorkflowRun run = run(r);
            Computer computer = Jenkins.get().getComputer(AGENT);
            while (!computer.isOnline()) {
                Thread.sleep(100);
            }
            run.doStop();
            r.waitForCompletion(run);
            return String.valueOf(run.getResult());
        });

        assertEquals(Result.ABORTED.toString(), result);
        assertEquals(0, Lab.processesWith("sleep 4323"));
    }

    /** A plugin that is updated brings another engine: the former one's jar may go while it runs. */
    @Test
    void theEnginesJarGoesWhileItRuns() throws Throwable {
        begin(lines(300), "line 20.");

        jenkins.stopJenkins();
        String home = jenkins.getHome().getPath();
        for (Path jar : engines()) {
            Files.delete(jar);
        }
        jenkins.startJenkins();

        assertWhole(end(), 300, true);
        assertTrue(Files.isDirectory(Path.of(home)));
    }

    /** Where agents keep engines, told by the command lines of those that run. */
    private static List<Path> engines() {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().arguments().stream())
                .flatMap(java.util.Arrays::stream)
                .filter(argument -> argument.matches(".*/obuilder/engine-[0-9a-f]{64}\\.jar"))
                .map(Path::of)
                .filter(Files::exists)
                .distinct()
                .toList();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long giveUp = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < giveUp, "within a minute");
            Thread.sleep(100);
        }
    }
}
