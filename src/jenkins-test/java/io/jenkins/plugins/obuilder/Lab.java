package io.jenkins.plugins.obuilder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import hudson.model.ItemGroup;
import hudson.model.Run;
import hudson.model.Slave;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jvnet.hudson.test.JenkinsRule;

/** An agent in a second JVM, a store and a base image out of BusyBox: needs root, runc and BusyBox on this machine. */
final class Lab {
    final Path directory;

    Lab(Path directory) throws Exception {
        this.directory = directory;
        Path bin = directory.resolve("image/bin");
        if (!Files.exists(bin)) {
            Files.createDirectories(directory.resolve("image/tmp"));
            Files.createDirectories(bin);
            Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
            for (String applet : List.of(
                    "sh", "echo", "cat", "sleep", "usleep", "seq", "printf", "wc", "sed", "cut", "yes", "head", "mktemp", "true")) {
                Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
            }
        }
    }

    /** An agent without an executor's crowd, and its labels there. */
    static Slave agent(JenkinsRule jenkins) throws Exception {
        Slave agent = jenkins.createOnlineSlave();
        agent.setNumExecutors(4);
        agent.save();
        return agent;
    }

    String store() {
        return "rsync:" + directory.resolve("store");
    }

    String image() {
        return "busybox=dir:" + directory.resolve("image");
    }

    static String spec(String command) {
        return spec(command, "");
    }

    static String spec(String command, String fields) {
        return "((from busybox) (shell /bin/sh -c) (run " + fields + " (shell \"" + command + "\")))";
    }

    /** The step with a spec, the store and the image. */
    String step(String spec, String more) {
        return "obuilder(spec: '''" + spec + "''', store: '" + store() + "', images: ['" + image() + "']" + more + ")";
    }

    String step(String spec) {
        return step(spec, "");
    }

    /** A pipeline with these statements on the agent. */
    static WorkflowJob pipeline(ItemGroup<?> where, String node, String body) throws Exception {
        String name = "job-" + UUID.randomUUID();
        WorkflowJob job = where instanceof com.cloudbees.hudson.plugins.folder.Folder folder
                ? folder.createProject(WorkflowJob.class, name)
                : ((jenkins.model.Jenkins) where).createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition("node('" + node + "') {\n" + body + "\n}", true));
        return job;
    }

    static WorkflowJob pipeline(JenkinsRule jenkins, Slave agent, String body) throws Exception {
        return pipeline(jenkins.jenkins, agent.getNodeName(), body);
    }

    static Snapshot snapshot(Run<?, ?> run) {
        SnapshotAction action = run.getAction(SnapshotAction.class);
        assertNotNull(action);
        assertEquals(1, action.getSnapshots().size());
        return action.getSnapshots().get(0);
    }

    static long processesWith(String text) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(text))
                .count();
    }

}
