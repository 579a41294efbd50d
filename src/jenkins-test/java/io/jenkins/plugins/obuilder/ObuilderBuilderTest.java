package io.jenkins.plugins.obuilder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Slave;
import hudson.tasks.Shell;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The build step of freestyle jobs. */
@WithJenkins
class ObuilderBuilderTest {
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

    private FreeStyleProject job(String spec) throws Exception {
        ObuilderStep step = new ObuilderStep();
        step.setSpec(spec);
        step.setStore(lab.store());
        step.setImages(List.of(lab.image()));
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.setAssignedNode(agent);
        job.getBuildersList().add(new ObuilderBuilder(step));
        return job;
    }

    @Test
    void itBuildsAndPassesTheIdOn() throws Exception {
        FreeStyleProject job = job(Lab.spec("echo freestyle"));
        job.getBuildersList().add(new Shell("echo \"the snapshot is $OBUILDER_SNAPSHOT\""));

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);

        jenkins.assertLogContains("freestyle", build);
        jenkins.assertLogContains("the snapshot is " + Lab.snapshot(build).getId(), build);
    }

    @Test
    void aFailureIsOneMessage() throws Exception {
        FreeStyleBuild build = jenkins.buildAndAssertStatus(Result.FAILURE, job(Lab.spec("exit 9")));

        jenkins.assertLogContains("exit status 9", build);
        jenkins.assertLogNotContains("\tat ", build);
        assertNull(build.getAction(SnapshotAction.class));
    }

    @Test
    void anAbortEndsTheCommand() throws Exception {
        FreeStyleBuild build = job(Lab.spec("echo started; sleep 2234")).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("\nstarted", build);

        build.getExecutor().interrupt();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
        assertEquals(0, Lab.processesWith("sleep 2234"));
    }

    @Test
    void theFormKeepsWhatWasEntered() throws Exception {
        ObuilderStep step = new ObuilderStep();
        step.setSpec("((from busybox)\n (run (shell \"a 'b' & <c>\")))");
        step.setStore("overlayfs:/var/lib/obuilder");
        step.setSandbox("user");
        step.setDir("sub");
        step.setImages(List.of("a=dir:/a", "b=dir:/b"));
        ObuilderSecret secret = new ObuilderSecret("token", "");
        secret.setPart("password");
        step.setSecrets(List.of(secret));
        step.setKeepGoing(true);
        step.setParallel(3);
        step.setTimeout("2h");
        step.setResult(true);

        ObuilderStep after = jenkins.configRoundtrip(new ObuilderBuilder(step)).getStep();

        jenkins.assertEqualDataBoundBeans(step, after);
        assertEquals(List.of("a=dir:/a", "b=dir:/b"), after.getImages());
        assertEquals("password", after.getSecrets().get(0).getPart());
    }

    @Test
    void anEmptyFormIsKeptToo() throws Exception {
        ObuilderStep step = new ObuilderStep();

        jenkins.assertEqualDataBoundBeans(step, jenkins.configRoundtrip(new ObuilderBuilder(step)).getStep());
    }
}
