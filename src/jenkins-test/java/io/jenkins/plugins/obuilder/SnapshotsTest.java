package io.jenkins.plugins.obuilder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Fingerprint;
import hudson.model.Slave;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What a run keeps of its snapshots. */
@WithJenkins
class SnapshotsTest {
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

    private static JSONObject artifact(WorkflowRun run, String name) throws Exception {
        try (InputStream in = run.getArtifactManager().root().child("obuilder/" + name).open()) {
            return JSONObject.fromObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void anArtifactTellsAll() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(Lab.pipeline(jenkins, agent, lab.step(Lab.spec("echo x"))));

        JSONObject json = artifact(run, "snapshot.json");
        assertEquals(Lab.snapshot(run).getId(), json.getString("id"));
        assertEquals(2, json.getInt("stepCount"));
        assertEquals(0, json.getInt("hits"));
        assertEquals(agent.getNodeName(), json.getString("agent"));
        assertEquals(lab.store(), json.getString("store"));
        JSONObject step = json.getJSONArray("steps").getJSONObject(1);
        assertEquals("run", step.getString("op"));
        assertEquals("/: (run (shell \"echo x\"))", step.getString("heading"));
        assertEquals(json.getString("id"), step.getString("id"));
        assertFalse(step.getBoolean("cached"));
        assertTrue(step.has("milliseconds"));
    }

    @Test
    void theSecondStepOfARunHasAnArtifactOfItsOwn() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(
                Lab.pipeline(jenkins, agent, lab.step(Lab.spec("echo x")) + "\n" + lab.step(Lab.spec("echo y"))));

        assertFalse(artifact(run, "snapshot.json").getString("id").equals(artifact(run, "snapshot-2.json").getString("id")));
    }

    @Test
    void aFingerprintLeadsToOtherJobsWithTheSnapshot() throws Exception {
        WorkflowJob first = Lab.pipeline(jenkins, agent, lab.step(Lab.spec("echo x")));
        WorkflowJob second = Lab.pipeline(jenkins, agent, lab.step(Lab.spec("echo x")));
        WorkflowRun run = jenkins.buildAndAssertSuccess(first);
        jenkins.buildAndAssertSuccess(second);

        Fingerprint fingerprint =
                jenkins.jenkins._getFingerprint(Lab.snapshot(run).getId().substring(0, 32));
        assertNotNull(fingerprint);
        assertEquals(2, fingerprint.getUsages().size());
        assertTrue(fingerprint.getUsages().containsKey(second.getFullName()));
        assertTrue(fingerprint.getOriginal().is(run));
    }

    @Test
    void theRunsPageAndTheApiShowIt() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(Lab.pipeline(jenkins, agent, lab.step(Lab.spec("echo x"))));
        String id = Lab.snapshot(run).getId();

        try (JenkinsRule.WebClient web = jenkins.createWebClient()) {
            String page = web.getPage(run).getWebResponse().getContentAsString();
            assertTrue(page.contains(id), page);
            assertTrue(page.contains("2 steps, 0 of them cached"), page);
            String api = web.goTo(run.getUrl() + "api/json?depth=2", "application/json").getWebResponse().getContentAsString();
            assertTrue(api.contains("\"id\":\"" + id + "\""), api);
        }
    }

    @Test
    void itIsThereAfterTheRunWasReadAgain() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(Lab.pipeline(jenkins, agent, lab.step(Lab.spec("echo x"))));
        Snapshot before = Lab.snapshot(run);

        run.reload();

        Snapshot after = Lab.snapshot(run);
        assertEquals(before.getId(), after.getId());
        assertEquals(before.getMilliseconds(), after.getMilliseconds());
        assertEquals(before.getStore(), after.getStore());
        assertEquals(run, run.getAction(SnapshotAction.class).getRun());
    }
}
