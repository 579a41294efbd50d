package io.jenkins.plugins.obuilder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Result;
import hudson.model.Slave;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The step in declarative pipelines. */
@WithJenkins
class DeclarativeTest {
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

    /** A pipeline with these stages, on the agent. */
    private WorkflowJob declarative(String stages) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(
                "pipeline {\n  agent { label '" + agent.getNodeName() + "' }\n  stages {\n" + stages + "\n  }\n"
                        + "  post { failure { echo 'told to post' } }\n}",
                true));
        return job;
    }

    private static String stage(String name, String steps) {
        return "    stage('" + name + "') { steps {\n" + steps + "\n    } }\n";
    }

    @Test
    void aStageBuildsAndTheNextOneFindsTheId() throws Exception {
        WorkflowJob job = declarative(
                stage("plain", lab.step(Lab.spec("echo from a stage")))
                        + stage("scripted", "script { env.SNAPSHOT = " + lab.step(Lab.spec("echo from a stage")) + " }")
                        + stage("after", "echo \"built ${env.SNAPSHOT}\""));

        WorkflowRun run = jenkins.buildAndAssertSuccess(job);

        jenkins.assertLogContains("\nfrom a stage\n", run);
        SnapshotAction action = run.getAction(SnapshotAction.class);
        assertEquals(2, action.getSnapshots().size());
        Snapshot made = action.getSnapshots().get(0);
        Snapshot found = action.getSnapshots().get(1);
        assertEquals(0, made.getHits());
        assertEquals(2, found.getHits());
        assertEquals(made.getId(), found.getId());
        jenkins.assertLogContains("built " + made.getId(), run);
    }

    @Test
    void parallelStagesBuildAtTheSameTime() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(declarative("    stage('both') { parallel {\n"
                + stage("one", lab.step(Lab.spec("echo one")))
                + stage("two", lab.step(Lab.spec("echo two")))
                + "    } }"));

        assertEquals(2, run.getAction(SnapshotAction.class).getSnapshots().size());
    }

    @Test
    void aFailedStepFailsItsStage() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertStatus(
                Result.FAILURE, declarative(stage("bad", lab.step(Lab.spec("exit 7"))) + stage("never", "echo 'not reached'")));

        jenkins.assertLogContains("obuilder: the step at spec:1:", run);
        jenkins.assertLogContains("exit status 7", run);
        jenkins.assertLogContains("told to post", run);
        jenkins.assertLogNotContains("not reached", run);
        jenkins.assertLogNotContains("\tat ", run);
    }
}
