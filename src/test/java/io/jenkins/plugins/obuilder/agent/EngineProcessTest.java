package io.jenkins.plugins.obuilder.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine as a real process, followed as a controller follows it. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.RSYNC, Need.BUSYBOX_STATIC})
class EngineProcessTest {
    @TempDir
    Path directory;

    private FilePath workspace;
    private String image;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void makeWorkspace() throws IOException {
        Path top = Files.createDirectories(directory.resolve("agent/work space/jöb"));
        workspace = new FilePath(top.toFile());
        image = "busybox=dir:" + BusyboxTree.make(directory.resolve("image"));
    }

    private BuildSpecification text(String spec) {
        return specification(spec, null);
    }

    private BuildSpecification specification(String spec, String specFile) {
        return new BuildSpecification(
                spec, specFile, "rsync:" + directory.resolve("store"), "runc", null, List.of(image), null, false);
    }

    private static String run(String command) {
        return "((from busybox) (shell /bin/sh -c) (run (shell \"" + command + "\")))";
    }

    private EngineProcess start(BuildSpecification specification) throws Exception {
        return EngineProcess.start(specification, workspace, new EnvVars());
    }

    private EngineProcess.Progress followToTheEnd(EngineProcess engine) {
        Callable<EngineProcess.Progress> follow = () -> engine.follow(workspace, log);
        return await().atMost(Duration.ofMinutes(1)).until(follow, EngineProcess.Progress::ended);
    }

    private String output() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theOutputComesAndTheResult() throws Exception {
        EngineProcess engine = start(text(run("echo wärm")));
        EngineResult first = followToTheEnd(engine).result();

        assertThat(output()).contains("\nwärm\n").contains("---> saved as \"" + first.id() + "\"");
        assertThat(first.steps()).isEqualTo(2);
        assertThat(first.hits()).isZero();

        EngineResult second = followToTheEnd(start(text(run("echo wärm")))).result();
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.hits()).isEqualTo(2);

        engine.cleanUp(workspace);
        assertThat(controlDirectories()).hasSize(1);
    }

    @Test
    void theEngineComesToTheAgentOnce() throws Exception {
        followToTheEnd(start(text(run("true"))));
        List<Path> first = engines();
        followToTheEnd(start(text(run("true"))));

        assertThat(first).hasSize(1);
        assertThat(engines()).isEqualTo(first);
    }

    @Test
    void aFileInTheWorkspaceIsBuiltWithTheWorkspaceAsContext() throws Exception {
        Path top = Path.of(workspace.getRemote());
        Files.writeString(top.resolve("a file"), "from the workspace");
        Files.writeString(
                top.resolve("ci spec"),
                "((from busybox) (shell /bin/sh -c) (copy (src \"a file\") (dst /x)) (run (shell \"cat /x\")))");

        followToTheEnd(start(specification(null, "ci spec"))).result();

        assertThat(output()).contains("from the workspace");
    }

    @Test
    void aStepThatFailsIsToldInOneMessage() throws Exception {
        EngineProcess.Progress end = followToTheEnd(start(text(run("echo before; exit 3"))));

        assertThat(output()).contains("\nbefore\n");
        assertThatThrownBy(end::result)
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("the step at spec:1:")
                .hasMessageContaining("exit status 3");
    }

    @Test
    void aMistakeInTheSpecIsToldWithItsPlace() throws Exception {
        EngineProcess.Progress end = followToTheEnd(start(text("((from busybox)\n (rum (shell x)))")));

        assertThatThrownBy(end::result).hasMessageContaining("spec:2:3").hasMessageContaining("run");
    }

    @Test
    void withoutASpecNothingIsStarted() {
        assertThatThrownBy(() -> start(specification(null, null)))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("specFile");
        assertThatThrownBy(() -> start(specification("x", "y"))).hasMessageContaining("both spec and specFile");
    }

    @Test
    void stoppingEndsTheCommandToo() throws Exception {
        EngineProcess engine = start(text(run("echo started; sleep 1000")));
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            engine.follow(workspace, log);
            return output().contains("started\n");
        });

        engine.stop(workspace);
        EngineProcess.Progress end = followToTheEnd(engine);

        assertThatThrownBy(end::result).hasMessageContaining("a signal told it to stop");
        assertThat(ProcessHandle.allProcesses().map(p -> p.info().commandLine().orElse("")))
                .noneMatch(line -> line.contains("sleep 1000"));
    }

    @Test
    void aControllerThatStartsAgainGoesOnWhereItWas() throws Exception {
        EngineProcess before =
                start(text(run("echo one; while [ ! -e /go ] && [ $((i=i+1)) -lt 20 ]; do sleep 0.1; done; echo two")));
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            before.follow(workspace, log);
            return output().contains("\none\n");
        });

        followToTheEnd(afterARestart(before)).result();

        assertThat(output()).containsOnlyOnce("\none\n").containsOnlyOnce("\ntwo\n");
    }

    private static EngineProcess afterARestart(EngineProcess engine) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(saved)) {
            out.writeObject(engine);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(saved.toByteArray()))) {
            return (EngineProcess) in.readObject();
        }
    }

    @Test
    void anEngineThatVanishesIsNoticed() throws Exception {
        EngineProcess engine = start(text(run("echo started; sleep 1000")));
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            engine.follow(workspace, log);
            return output().contains("started\n");
        });
        Path control = controlDirectories().get(0);
        ProcessIdentity wrapper = ProcessIdentity.parse(Files.readString(control.resolve(ControlFiles.WRAPPER)));
        long pid = Long.parseLong(
                Files.readString(control.resolve(ControlFiles.ENGINE)).trim());
        ProcessHandle.of(wrapper.pid()).orElseThrow().destroyForcibly();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        EngineProcess.Progress end = followToTheEnd(engine);

        assertThatThrownBy(end::result).hasMessageContaining("gone without a word");
        followToTheEnd(start(text(run("true")))).result();
    }

    private List<Path> engines() throws IOException {
        return list(Path.of(workspace.getRemote() + "@tmp/obuilder"));
    }

    private List<Path> controlDirectories() throws IOException {
        return list(Path.of(workspace.getRemote() + "@tmp")).stream()
                .filter(path -> path.getFileName().toString().startsWith("obuilder-"))
                .toList();
    }

    private static List<Path> list(Path where) throws IOException {
        try (var entries = Files.list(where)) {
            return entries.toList();
        }
    }
}
