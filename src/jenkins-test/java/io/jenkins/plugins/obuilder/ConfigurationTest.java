package io.jenkins.plugins.obuilder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import hudson.model.Slave;
import hudson.util.FormValidation;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import java.io.ByteArrayOutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What administrators set, by form and as code, and the form of the step. */
@WithJenkins
class ConfigurationTest {
    private static final String YAML = """
            jenkins:
              nodes:
                - permanent:
                    name: mac
                    remoteFS: /Users/jenkins
                    launcher: inbound
                    nodeProperties:
                      - obuilder:
                          settings:
                            stores:
                              - "zfs:/Volumes/tank"
                              - "apfs:/Volumes/builds"
                            defaultStore: "apfs:/Volumes/builds"
                            sandbox: user
                            accounts: "6000-6003"
                            scoreboard: /Users/scoreboard
                            prefix: /opt/homebrew
                            images:
                              - "sonoma=dir:/Users/base"
                            jobImages: true
            unclassified:
              obuilder:
                lostAgentMinutes: 7
                agentLabels: false
                defaults:
                  memory: 2G
                  pids: 500
                  cpus: "1.5"
                  disk: 20G
                  maxOutput: 100M
                  stepTimeout: 2h
                  keepFree: 10%
                  minFree: 1G
            """;

    @TempDir
    Path directory;

    private JenkinsRule jenkins;

    @BeforeEach
    void start(JenkinsRule rule) {
        jenkins = rule;
    }

    private void configure() throws Exception {
        Path yaml = Files.writeString(directory.resolve("jenkins.yaml"), YAML);
        ConfigurationAsCode.get().configure(yaml.toUri().toString());
    }

    @Test
    void allIsConfiguredAsCode() throws Exception {
        configure();

        ObuilderSettings mac = jenkins.jenkins.getNode("mac").getNodeProperty(ObuilderNodeProperty.class).getSettings();
        assertEquals(List.of("zfs:/Volumes/tank", "apfs:/Volumes/builds"), mac.getStores());
        assertEquals("apfs:/Volumes/builds", mac.getDefaultStore());
        assertEquals("6000-6003", mac.getAccounts());
        assertEquals(List.of("sonoma=dir:/Users/base"), mac.getImages());
        assertTrue(mac.isJobImages());
        ObuilderConfiguration global = ObuilderConfiguration.get();
        assertEquals(7, global.getLostAgentMinutes());
        assertEquals(500, global.getDefaults().getPids());
        assertEquals("1.5", global.getDefaults().getCpus());
        assertEquals("10%", global.getDefaults().getKeepFree());
        assertEquals("1G", global.getDefaults().getMinFree());
    }

    @Test
    void whatWasConfiguredIsExportedAsCode() throws Exception {
        configure();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(out);
        String exported = out.toString(StandardCharsets.UTF_8);

        for (String line : List.of(
                "lostAgentMinutes: 7", "agentLabels: false", "memory: \"2G\"", "keepFree: \"10%\"", "pids: 500", "accounts: \"6000-6003\"",
                "- \"zfs:/Volumes/tank\"", "defaultStore: \"apfs:/Volumes/builds\"", "jobImages: true")) {
            assertTrue(exported.contains(line), line + " in\n" + exported);
        }
    }

    @Test
    void theGlobalFormKeepsWhatWasEntered() throws Exception {
        configure();

        jenkins.configRoundtrip();

        ObuilderConfiguration global = ObuilderConfiguration.get();
        assertEquals(7, global.getLostAgentMinutes());
        assertEquals(false, global.isAgentLabels());
        assertEquals("2G", global.getDefaults().getMemory());
        assertEquals(500, global.getDefaults().getPids());
        assertEquals("2h", global.getDefaults().getStepTimeout());
    }

    @Test
    void theConfigurationIsKept() throws Exception {
        configure();

        ObuilderConfiguration again = new ObuilderConfiguration();

        assertEquals(7, again.getLostAgentMinutes());
        assertEquals("20G", again.getDefaults().getDisk());
        assertEquals("100M", again.getDefaults().getMaxOutput());
    }

    @Test
    void theFormOfANodeKeepsWhatWasEntered() throws Exception {
        ObuilderSettings settings = new ObuilderSettings();
        settings.setStores(List.of("zfs:/a", "rsync:/b"));
        settings.setDefaultStore("rsync:/b");
        settings.setSandbox("user");
        settings.setImages(List.of("x=dir:/x", "y=tar:/y"));
        settings.setJobImages(true);
        settings.setAccounts("6000");
        settings.setScoreboard("/s");
        settings.setPrefix("/usr/local");
        settings.setMemory("1G");
        settings.setPids(77);
        settings.setCpus("2");
        settings.setMaxOutput("1M");
        settings.setStepTimeout("5m");
        Slave agent = jenkins.createSlave();
        agent.getNodeProperties().add(new ObuilderNodeProperty(settings));

        Slave after = jenkins.configRoundtrip(agent);

        jenkins.assertEqualDataBoundBeans(
                settings, after.getNodeProperty(ObuilderNodeProperty.class).getSettings());
    }

    @Test
    void theSnippetGeneratorWritesWhatTheStepReads() throws Exception {
        ObuilderStep step = new ObuilderStep();
        step.setSpecFile("ci.spec");
        step.setStore("zfs:/Volumes/tank");
        step.setImages(List.of("a=dir:/a"));
        step.setSecrets(List.of(new ObuilderSecret("t", "c")));
        step.setKeepGoing(true);

        assertEquals(
                "obuilder images: ['a=dir:/a'], keepGoing: true, secrets: [[credentialsId: 'c', id: 't']], specFile: 'ci.spec', store: 'zfs:/Volumes/tank'",
                Snippetizer.object2Groovy(step));
    }

    @Test
    void aStepIsMadeFromAMap() throws Exception {
        ObuilderStep step = new DescribableModel<>(ObuilderStep.class)
                .instantiate(
                        Map.of(
                                "spec", "((from a))",
                                "secrets", List.of(Map.of("id", "t", "credentialsId", "c", "part", "password")),
                                "result", true),
                        null);

        assertEquals("password", step.getSecrets().get(0).getPart());
        assertTrue(step.isResult());
    }

    @Test
    void aStoreThatTheAgentDoesNotHaveIsRefused() throws Exception {
        Slave agent = Lab.agent(jenkins);
        ObuilderSettings settings = new ObuilderSettings();
        settings.setStores(List.of("rsync:/srv/snapshots"));
        agent.getNodeProperties().add(new ObuilderNodeProperty(settings));

        WorkflowRun run = jenkins.buildAndAssertStatus(
                Result.FAILURE, Lab.pipeline(jenkins, agent, "obuilder spec: '((from a))', store: 'rsync:/etc'"));

        jenkins.assertLogContains("the store rsync:/etc is not among those of this agent: rsync:/srv/snapshots", run);
    }

    @Test
    void theAgentsSettingsReachTheEngine() throws Exception {
        Slave agent = Lab.agent(jenkins);
        Lab lab = new Lab(directory);
        ObuilderSettings settings = new ObuilderSettings();
        settings.setStores(List.of(lab.store()));
        settings.setImages(List.of(lab.image()));
        settings.setStepTimeout("2s");
        agent.getNodeProperties().add(new ObuilderNodeProperty(settings));
        agent.save();

        WorkflowRun run = jenkins.buildAndAssertStatus(
                Result.FAILURE,
                Lab.pipeline(jenkins, agent, "obuilder spec: '''" + Lab.spec("echo started; sleep 3234") + "'''"));

        jenkins.assertLogContains("it took longer than a step may: 2 s", run);
    }

    @Test
    void aFormShowsASpecsMistakeWithLineAndCaret() throws Exception {
        FormValidation validation = jenkins.jenkins
                .getDescriptorByType(ObuilderStep.DescriptorImpl.class)
                .doCheckSpec("((from a)\n (rum (shell x)))", "");

        assertEquals(FormValidation.Kind.ERROR, validation.kind);
        assertTrue(validation.renderHtml().contains("spec:2:3"), validation.renderHtml());
        assertTrue(validation.renderHtml().contains("^</pre>"), validation.renderHtml());
    }

    @Test
    void checksArePostedAndAnswer() throws Exception {
        try (JenkinsRule.WebClient web = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false)) {
            URL url = new URL(jenkins.getURL(), "descriptorByName/io.jenkins.plugins.obuilder.ObuilderStep/checkSpec");
            assertEquals(
                    HttpURLConnection.HTTP_NOT_FOUND,
                    web.getPage(new URL(url + "?value=x&specFile=")).getWebResponse().getStatusCode());

            WebRequest request = new WebRequest(url, HttpMethod.POST);
            request.setRequestParameters(List.of(
                    new NameValuePair("value", "((from a) (x))"), new NameValuePair("specFile", "")));
            web.addCrumb(request);
            String answer = web.getPage(request).getWebResponse().getContentAsString();
            assertTrue(answer.contains("spec:1:"), answer);
        }
    }

    @Test
    void everyFieldHasHelp() throws Exception {
        for (Class<?> type : List.of(ObuilderStep.class, ObuilderSecret.class, ObuilderSettings.class)) {
            for (var parameter : new DescribableModel<>(type).getParameters()) {
                String help = type.getSimpleName() + "/help-" + parameter.getName() + ".html";
                assertNotNull(type.getResource(help), help);
            }
        }
        for (String field : List.of("defaults", "lostAgentMinutes", "agentLabels")) {
            assertNotNull(ObuilderConfiguration.class.getResource("ObuilderConfiguration/help-" + field + ".html"), field);
        }
    }
}
