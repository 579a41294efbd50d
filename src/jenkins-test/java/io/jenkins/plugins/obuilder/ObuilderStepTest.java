package io.jenkins.plugins.obuilder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import hudson.model.Slave;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The step in pipelines. */
@WithJenkins
class ObuilderStepTest {
    @TempDir
    Path directory;

    private JenkinsRule jenkins;
    private Slave agent;
    private Lab lab;

    @BeforeEach
    void connectAgent(JenkinsRule rule) throws Exception {
        jenkins = rule;
        agent = Lab.agent(rule);
        lab = new Lab(directory);
    }

    private WorkflowJob pipeline(String body) throws Exception {
        return Lab.pipeline(jenkins, agent, body);
    }

    @Test
    void theSecondTimeAllIsFound() throws Exception {
        WorkflowJob job = pipeline("writeFile file: 'hello.txt', text: 'hello from the workspace'\n"
                + "def id = " + lab.step("((from busybox) (shell /bin/sh -c) (copy (src hello.txt) (dst /hello)) (run (shell \"cat /hello\")))")
                + "\necho \"built ${id}\"");

        WorkflowRun first = jenkins.buildAndAssertSuccess(job);
        WorkflowRun second = jenkins.buildAndAssertSuccess(job);

        jenkins.assertLogContains("hello from the workspace", first);
        Snapshot made = Lab.snapshot(first);
        Snapshot found = Lab.snapshot(second);
        jenkins.assertLogContains("built " + made.getId(), first);
        assertEquals(made.getId(), found.getId());
        assertEquals(0, made.getHits());
        assertEquals(3, found.getHits());
        assertEquals(3, found.getStepCount());
        assertEquals(lab.store(), found.getStore());
        assertEquals(agent.getNodeName(), found.getAgent());
        jenkins.assertLogContains("from cache", second);
        jenkins.assertLogNotContains("saved as", second);
    }

    @Test
    void aFailedStepFailsTheRunWithOneMessage() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, pipeline(lab.step(Lab.spec("echo before; exit 7"))));

        String log = JenkinsRule.getLog(run);
        jenkins.assertLogContains("ERROR: obuilder: the step at spec:1:", run);
        assertEquals(1, Pattern.compile("exit status 7").matcher(log).results().count());
        jenkins.assertLogNotContains("\tat ", run);
    }

    @Test
    void aScriptMayCatchTheFailure() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline(
                "try { " + lab.step(Lab.spec("exit 7")) + " } catch (e) { echo \"caught: ${e.message}\" }"));

        jenkins.assertLogContains("caught: obuilder: the step at", run);
    }

    @Test
    void aMistakeInTheSpecIsShownWithItsPlace() throws Exception {
        WorkflowRun run =
                jenkins.buildAndAssertStatus(Result.FAILURE, pipeline(lab.step("((from busybox)\n (rum (shell x)))")));

        jenkins.assertLogContains("spec:2:3", run);
        jenkins.assertLogContains("(rum (shell x)))\n  ^", run);
    }

    @Test
    void anAbortedRunEndsTheCommand() throws Exception {
        WorkflowRun run = pipeline(lab.step(Lab.spec("echo started; sleep 1234"))).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("\nstarted", run);
        long start = System.nanoTime();

        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        assertTrue(System.nanoTime() - start < 20_000_000_000L, "within seconds");
        assertEquals(0, Lab.processesWith("sleep 1234"));
    }

    @Test
    void anAbortBeforeTheEngineHasStartedEndsTheRunToo() throws Exception {
        WorkflowRun run = pipeline(lab.step(Lab.spec("sleep 1235"))).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("obuilder", run);

        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        assertEquals(0, Lab.processesWith("sleep 1235"));
    }

    @Test
    void theResultTellsTheSteps() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline("def r = " + lab.step(Lab.spec("echo x"), ", result: true")
                + "\necho \"id=${r.id} hits=${r.hits} misses=${r.misses} took=${r.duration >= 0}\""
                + "\nfor (s in r.steps) { echo \"step ${s.op} ${s.cached} ${s.id.length()} ${s.duration >= 0} ${s.heading}\" }"
                + "\nassert r.steps[-1].id == r.id"));

        jenkins.assertLogContains("hits=0 misses=2 took=true", run);
        jenkins.assertLogContains("step from false 64 true (from busybox)", run);
        jenkins.assertLogContains("step run false 64 true /: (run (shell \"echo x\"))", run);
    }

    @Test
    void aSpecInTheWorkspaceAndADirectoryAsContext() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline("writeFile file: 'sub dir/f', text: 'from below'\n"
                + "writeFile file: 'ci/my.spec', text: '((from busybox) (shell /bin/sh -c) (copy (src f) (dst /f)) (run (shell \"cat /f\")))'\n"
                + "obuilder specFile: 'ci/my.spec', dir: 'sub dir', store: '" + lab.store() + "', images: ['" + lab.image() + "']"));

        jenkins.assertLogContains("from below", run);
    }

    @Test
    void withoutASpecItSaysSo() throws Exception {
        jenkins.assertLogContains(
                "give spec (the text) or specFile",
                jenkins.buildAndAssertStatus(Result.FAILURE, pipeline("obuilder()")));
    }

    @Test
    void twoPipelinesShareOneStep() throws Exception {
        String body = lab.step(Lab.spec("echo begin; cat /proc/sys/kernel/random/uuid; sleep 4; echo end"));
        WorkflowRun first = pipeline(body).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("\nbegin", first);
        WorkflowRun second = pipeline(body).scheduleBuild2(0).waitForStart();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(first));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(second));
        assertEquals(uuid(first), uuid(second), "the command ran once, and both show its output");
        assertEquals(Lab.snapshot(first).getId(), Lab.snapshot(second).getId());
    }

    private static String uuid(WorkflowRun run) throws Exception {
        Matcher matcher = Pattern.compile("begin\\s+([0-9a-f-]{36})\\s+end").matcher(JenkinsRule.getLog(run));
        assertTrue(matcher.find(), "the whole log of the step");
        return matcher.group(1);
    }

    @Test
    void branchesBuildAtTheSameTime() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline("def ids = [:]\nparallel a: { ids.a = " + lab.step(Lab.spec("echo one"))
                + " }, b: { ids.b = " + lab.step(Lab.spec("echo two")) + " }\nassert ids.a != ids.b"));

        assertEquals(2, run.getAction(SnapshotAction.class).getSnapshots().size());
    }

    @Test
    void aTimeLimitEndsTheBuild() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertStatus(
                Result.FAILURE, pipeline(lab.step(Lab.spec("echo started; sleep 1236"), ", timeout: '3s'")));

        jenkins.assertLogContains("longer than --timeout 3s", run);
        assertEquals(0, Lab.processesWith("sleep 1236"));
    }

    @Test
    void thePipelinesOwnTimeLimitEndsTheBuildToo() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertStatus(
                Result.ABORTED,
                pipeline("timeout(time: 4, unit: 'SECONDS') { " + lab.step(Lab.spec("echo started; sleep 1237")) + " }"));

        jenkins.assertLogContains("Timeout has been exceeded", run);
        assertEquals(0, Lab.processesWith("sleep 1237"));
    }

    @Test
    void whatCommandsPrintComesThroughAsItIs() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(
                pipeline(lab.step(Lab.spec("printf 'w\\\\\\\\303\\\\\\\\244rm \\\\\\\\342\\\\\\\\202\\\\\\\\254 \\\\\\\\377|\\\\\\\\n'; printf 'no newline'"))));

        jenkins.assertLogContains("wärm € \uFFFD|", run);
        jenkins.assertLogContains("no newline\n--->", run);
    }

    @Test
    void theConsoleMarksStepsAndWhatWasFound() throws Exception {
        WorkflowJob job = pipeline(lab.step(Lab.spec("echo x")));
        jenkins.buildAndAssertSuccess(job);
        WorkflowRun run = jenkins.buildAndAssertSuccess(job);

        try (JenkinsRule.WebClient web = jenkins.createWebClient()) {
            String console = web.getPage(run, "console").getWebResponse().getContentAsString();
            assertTrue(console.contains("class=\"obuilder-step\""), console);
            assertTrue(console.contains("class=\"obuilder-cached\""), console);
        }
        jenkins.assertLogNotContains("obuilder;", run);
    }

    @Test
    void theEnginesFilesGoWhenItHasEnded() throws Exception {
        jenkins.buildAndAssertSuccess(pipeline(lab.step(Lab.spec("echo x"))
                + "\nsh 'ls -d \"$WORKSPACE@tmp\"/obuilder-* 2>/dev/null && exit 1 || true'"));
    }
}
