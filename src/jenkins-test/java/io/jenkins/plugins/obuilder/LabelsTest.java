package io.jenkins.plugins.obuilder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Label;
import hudson.model.Slave;
import java.util.Set;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Labels that an agent gets when it connects. */
@WithJenkins
class LabelsTest {
    private JenkinsRule jenkins;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        rule.jenkins.setNumExecutors(0);
    }

    private static Set<String> labels(Slave agent) {
        return agent.getAssignedLabels().stream().map(Label::getName).collect(Collectors.toSet());
    }

    @Test
    void anAgentGetsThem() throws Exception {
        Slave agent = jenkins.createOnlineSlave();

        assertTrue(labels(agent).containsAll(Set.of("obuilder", "obuilder-runc", "obuilder-user")), () -> labels(agent).toString());
        assertFalse(labels(agent).contains("macos"));
    }

    @Test
    void aJobFindsItsAgentByThem() throws Exception {
        jenkins.createOnlineSlave();
        WorkflowJob job = Lab.pipeline(jenkins.jenkins, "obuilder && obuilder-runc", "echo 'found one'");

        jenkins.assertLogContains("found one", jenkins.buildAndAssertSuccess(job));
    }

    @Test
    void aJobThatWaitsForOneGetsAnAgentThatConnectsLater() throws Exception {
        WorkflowJob job = Lab.pipeline(jenkins.jenkins, "obuilder && obuilder-runc", "echo 'found one'");
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("Still waiting to schedule task", run);

        jenkins.createOnlineSlave();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    void theBuiltInNodeHasThemToo() throws Exception {
        assertTrue(jenkins.jenkins.getAssignedLabels().stream().anyMatch(label -> label.getName().equals("obuilder")));
    }

    @Test
    void theyCanBeTurnedOff() throws Exception {
        ObuilderConfiguration.get().setAgentLabels(false);
        Slave agent = jenkins.createOnlineSlave();

        assertEquals(Set.of(agent.getNodeName()), labels(agent));
    }
}
