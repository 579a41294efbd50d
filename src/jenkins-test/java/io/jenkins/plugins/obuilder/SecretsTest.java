package io.jenkins.plugins.obuilder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.hudson.plugins.folder.properties.FolderCredentialsProvider.FolderCredentialsProperty;
import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Slave;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Secrets out of credentials. */
@WithJenkins
class SecretsTest {
    private static final String VALUE = "Zq5-only-the-step-may-know-8Wv";
    private static final String KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\nAAAAEbm9uZQAAAAAAAAABAAAAMwAAAA\n"
            + "-----END OPENSSH PRIVATE KEY-----\n";

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

    private static CredentialsStore system() {
        return StreamSupport.stream(
                        CredentialsProvider.lookupStores(Jenkins.get()).spliterator(), false)
                .findFirst()
                .orElseThrow();
    }

    private static void add(Credentials credentials) throws Exception {
        assertTrue(system().addCredentials(Domain.global(), credentials));
    }

    private static StringCredentialsImpl text(String id) {
        return new StringCredentialsImpl(CredentialsScope.GLOBAL, id, id, Secret.fromString(VALUE));
    }

    private String show(String secrets) {
        return lab.step(
                Lab.spec("wc -c /s; cat /s; echo; sed 's/^/> /' /s", "(secrets (tok (target /s)))"),
                ", secrets: [[id: 'tok', " + secrets + "]]");
    }

    private WorkflowRun build(String secrets) throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(Lab.pipeline(jenkins, agent, show(secrets)));
        jenkins.assertLogNotContains(VALUE, run);
        return run;
    }

    @Test
    void aSecretTextReachesTheStepAndNotTheLog() throws Exception {
        add(text("c"));

        WorkflowRun run = build("credentialsId: 'c'");

        jenkins.assertLogContains(VALUE.length() + " /s\n****\n> ****\n", run);
    }

    @Test
    void aFileOfSeveralLinesIsHiddenInAllOfThem() throws Exception {
        add(new FileCredentialsImpl(
                CredentialsScope.GLOBAL,
                "f",
                "",
                "secret.txt",
                SecretBytes.fromRawBytes(("first line\n" + VALUE + "\n").getBytes(StandardCharsets.UTF_8))));

        WorkflowRun run = build("credentialsId: 'f'");

        jenkins.assertLogContains("\n****\n\n> ****\n> ****\n", run);
        jenkins.assertLogNotContains("first line", run);
    }

    @Test
    void aUserNameWithPassword() throws Exception {
        UsernamePasswordCredentialsImpl login =
                new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "u", "", "somebody", VALUE);
        add(login);

        jenkins.assertLogContains((VALUE.length() + 9) + " /s\n****\n", build("credentialsId: 'u'"));
        jenkins.assertLogContains(VALUE.length() + " /s\n****\n", build("credentialsId: 'u', part: 'password'"));
        jenkins.assertLogContains("8 /s\n", build("credentialsId: 'u', part: 'username'"));
    }

    @Test
    void thePasswordAloneIsHiddenToo() throws Exception {
        add(new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "u", "", "somebody", VALUE));

        WorkflowRun run = jenkins.buildAndAssertSuccess(Lab.pipeline(
                jenkins,
                agent,
                lab.step(
                        Lab.spec("cut -d: -f2 /s", "(secrets (tok (target /s)))"),
                        ", secrets: [[id: 'tok', credentialsId: 'u']]")));

        jenkins.assertLogNotContains(VALUE, run);
        jenkins.assertLogContains("\n****\n", run);
    }

    @Test
    void aPrivateKey() throws Exception {
        add(new BasicSSHUserPrivateKey(
                CredentialsScope.GLOBAL,
                "k",
                "git",
                new BasicSSHUserPrivateKey.DirectEntryPrivateKeySource(KEY),
                VALUE,
                ""));

        WorkflowRun run = build("credentialsId: 'k'");
        jenkins.assertLogContains(KEY.length() + " /s\n", run);
        jenkins.assertLogNotContains("b3BlbnNzaC1rZXktdjEAAAAABG5vbmU", run);
        jenkins.assertLogContains(VALUE.length() + " /s\n****\n", build("credentialsId: 'k', part: 'passphrase'"));
        jenkins.assertLogContains("3 /s\n", build("credentialsId: 'k', part: 'username'"));
    }

    @Test
    void theirUseIsRecorded() throws Exception {
        StringCredentialsImpl credentials = text("c");
        add(credentials);

        WorkflowRun run = build("credentialsId: 'c'");

        assertNotNull(CredentialsProvider.getFingerprintOf(credentials));
        assertTrue(CredentialsProvider.getFingerprintOf(credentials)
                .getUsages()
                .containsKey(run.getParent().getFullName()));
    }

    @Test
    void credentialsThatAreNotThereAreTold() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertStatus(
                Result.FAILURE, Lab.pipeline(jenkins, agent, show("credentialsId: 'nowhere'")));

        jenkins.assertLogContains("there are no credentials nowhere for the secret \"tok\"", run);
    }

    @Test
    void aSecretThatTheSpecWantsAndNobodyGivesIsTold() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertStatus(
                Result.FAILURE,
                Lab.pipeline(jenkins, agent, lab.step(Lab.spec("true", "(secrets (tok (target /s)))"))));

        jenkins.assertLogContains("no value for the secret \"tok\"", run);
    }

    @Test
    void aFoldersCredentialsAreForItsJobsAlone() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, "folder");
        FolderCredentialsProperty property = new FolderCredentialsProperty(new com.cloudbees.plugins.credentials.domains.DomainCredentials[0]);
        folder.addProperty(property);
        CredentialsStore store = property.getStore();
        assertTrue(store.addCredentials(Domain.global(), text("inside")));

        WorkflowJob inside = Lab.pipeline(folder, agent.getNodeName(), show("credentialsId: 'inside'"));
        WorkflowJob outside = Lab.pipeline(jenkins, agent, show("credentialsId: 'inside'"));

        jenkins.assertLogContains("****", jenkins.buildAndAssertSuccess(inside));
        jenkins.assertLogContains(
                "there are no credentials inside", jenkins.buildAndAssertStatus(Result.FAILURE, outside));
    }

    @Test
    void thePasswordsOfTheStepAreNotInTheControllersFiles() throws Exception {
        add(text("c"));
        WorkflowRun run = build("credentialsId: 'c'");

        try (var files = java.nio.file.Files.walk(run.getRootDir().toPath())) {
            for (Path file : (Iterable<Path>) files.filter(java.nio.file.Files::isRegularFile)::iterator) {
                assertTrue(
                        !java.nio.file.Files.readString(file, StandardCharsets.ISO_8859_1).contains(VALUE),
                        file.toString());
            }
        }
    }

    @Test
    void theListOfCredentialsIsForThoseWhoMayConfigure() throws Exception {
        add(text("c"));
        FreeStyleProject job = jenkins.createFreeStyleProject();
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ).everywhere().to("reader")
                .grant(Jenkins.READ, Item.READ, Item.CONFIGURE).everywhere().to("writer"));
        ObuilderSecret.DescriptorImpl form = jenkins.jenkins.getDescriptorByType(ObuilderSecret.DescriptorImpl.class);

        try (ACLContext as = ACL.as2(User.getOrCreateByIdOrFullName("reader").impersonate2())) {
            assertEquals(1, form.doFillCredentialsIdItems(job, "chosen").size());
            assertEquals(1, form.doFillCredentialsIdItems(null, "chosen").size());
        }
        try (ACLContext as = ACL.as2(User.getOrCreateByIdOrFullName("writer").impersonate2())) {
            assertTrue(form.doFillCredentialsIdItems(job, "").stream().anyMatch(option -> option.value.equals("c")));
        }
    }
}
