package io.jenkins.plugins.obuilder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Slave;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The step and the builder in a real Jenkins, on an agent in a second JVM: needs root, runc and BusyBox on this machine. */
@WithJenkins
class ObuilderStepTest {
    @TempDir
    Path directory;

    private JenkinsRule jenkins;
    private Slave agent;

    @BeforeEach
    void connectAgent(JenkinsRule rule) throws Exception {
        jenkins = rule;
        agent = rule.createOnlineSlave();
        Path bin = Files.createDirectories(directory.resolve("image/bin"));
        Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
        for (String applet : List.of("sh", "echo", "cat", "sleep", "false")) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
    }

    private WorkflowJob pipeline(String spec) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(
                "node('" + agent.getNodeName() + "') {\n"
                        + "  writeFile file: 'hello.txt', text: 'hello from the workspace'\n"
                        + "  def id = obuilder(spec: '''" + spec + "''', store: '" + store() + "', images: ['" + image() + "'])\n"
                        + "  echo \"built ${id}\"\n"
                        + "}",
                true));
        return job;
    }

    private String store() {
        return "rsync:" + directory.resolve("store");
    }

    private String image() {
        return "busybox=dir:" + directory.resolve("image");
    }

    private static String spec(String command) {
        return "((from busybox) (shell /bin/sh -c) (copy (src hello.txt) (dst /hello)) (run (shell \"" + command + "\")))";
    }

    @Test
    void aPipelineBuildsAndTheSecondTimeFindsAll() throws Exception {
        WorkflowJob job = pipeline(spec("cat /hello"));

        WorkflowRun first = jenkins.buildAndAssertSuccess(job);
        WorkflowRun second = jenkins.buildAndAssertSuccess(job);

        jenkins.assertLogContains("hello from the workspace", first);
        SnapshotAction.Snapshot made = snapshot(first.getAction(SnapshotAction.class));
        SnapshotAction.Snapshot found = snapshot(second.getAction(SnapshotAction.class));
        jenkins.assertLogContains("built " + made.getId(), first);
        assertEquals(made.getId(), found.getId());
        assertEquals(0, made.getHits());
        assertEquals(3, found.getHits());
        jenkins.assertLogNotContains("saved as", second);
    }

    @Test
    void aFailedStepFailsTheRunWithItsMessage() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, pipeline(spec("exit 7")));

        jenkins.assertLogContains("exit status 7", run);
        jenkins.assertLogNotContains("\tat ", run);
    }

    @Test
    void anAbortedRunEndsTheCommand() throws Exception {
        WorkflowJob job = pipeline(spec("echo started; sleep 1234"));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("\nstarted", run);

        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        assertEquals(
                0,
                ProcessHandle.allProcesses()
                        .filter(process -> process.info().commandLine().orElse("").contains("sleep 1234"))
                        .count());
    }

    @Test
    void aFreestyleJobBuildsAndPassesTheIdOn() throws Exception {
        ObuilderBuilder builder = new ObuilderBuilder();
        builder.setSpec("((from busybox) (shell /bin/sh -c) (run (shell \"echo freestyle\")))");
        builder.setStore(store());
        builder.setImages(image());
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.setAssignedNode(agent);
        job.getBuildersList().add(builder);
        job.getBuildersList().add(new hudson.tasks.Shell("echo \"the snapshot is $OBUILDER_SNAPSHOT\""));

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);

        jenkins.assertLogContains("freestyle", build);
        jenkins.assertLogContains("the snapshot is " + snapshot(build.getAction(SnapshotAction.class)).getId(), build);
    }

    @Test
    void theFormKeepsWhatWasEntered() throws Exception {
        ObuilderBuilder before = new ObuilderBuilder();
        before.setSpec("((from busybox))");
        before.setStore("overlayfs:/var/lib/obuilder");
        before.setSandbox("user");
        before.setDir("sub");
        before.setImages("a=dir:/a\nb=dir:/b");
        before.setKeepGoing(true);

        ObuilderBuilder after = jenkins.configRoundtrip(before);

        jenkins.assertEqualDataBoundBeans(before, after);
    }

    private static SnapshotAction.Snapshot snapshot(SnapshotAction action) {
        assertNotNull(action);
        assertEquals(1, action.getSnapshots().size());
        return action.getSnapshots().get(0);
    }
}
