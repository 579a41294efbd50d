package io.jenkins.plugins.obuilder.agent;

import static io.jenkins.plugins.obuilder.agent.EngineBench.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hudson.AbortException;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine as a real process, started by an agent that is a JVM of its own, and followed as a controller follows it. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.RSYNC, Need.BUSYBOX_STATIC})
class EngineProcessTest {
    @TempDir
    Path directory;

    private SecondJvm agent;
    private EngineBench bench;

    @BeforeEach
    void connect() throws Exception {
        agent = SecondJvm.start();
        bench = new EngineBench(directory, agent);
    }

    @AfterEach
    void disconnect() throws Exception {
        agent.close();
    }

    @Test
    void theOutputComesAndTheResult() throws Exception {
        EngineProcess engine = bench.start(run("echo wärm"));
        EngineResult first = bench.toTheEnd(engine).result();

        assertThat(bench.output()).contains("\nwärm\n").contains("---> saved as \"" + first.id() + "\"");
        assertThat(first.steps()).hasSize(2);
        assertThat(first.hits()).isZero();
        StepResult step = first.steps().get(1);
        assertThat(step.op()).isEqualTo("run");
        assertThat(step.heading()).contains("echo w");
        assertThat(step.id()).isEqualTo(first.id());
        assertThat(bench.log.marks).extracting(Mark::event).contains(Mark.STEP, Mark.SAVED);

        EngineResult second = bench.build(run("echo wärm"));
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.hits()).isEqualTo(2);
        assertThat(second.misses()).isZero();
        assertThat(second.steps()).allMatch(StepResult::cached);

        engine.cleanUp(bench.workspace);
        assertThat(bench.controlDirectories()).hasSize(1);
    }

    @Test
    void aFileInTheWorkspaceIsBuiltWithADirectoryThereAsContext() throws Exception {
        Files.createDirectories(bench.top.resolve("sub"));
        Files.writeString(bench.top.resolve("sub/a file"), "from the workspace");
        Files.writeString(
                bench.top.resolve("ci spec"),
                "((from busybox) (shell /bin/sh -c) (copy (src \"a file\") (dst /x)) (run (shell \"cat /x\")))");

        BuildSpecification specification =
                new BuildSpecification(null, "ci spec", "sub", bench.options, List.of("--accounts=6000"));
        bench.toTheEnd(bench.start(specification, BuildSecrets.NONE)).result();

        assertThat(bench.output()).contains("from the workspace");
    }

    @Test
    void aStepThatFailsIsToldInOneMessage() throws Exception {
        EngineProcess.Progress end = bench.toTheEnd(bench.start(run("echo before; exit 3")));

        assertThat(bench.output()).contains("\nbefore\n").doesNotContain("exit status 3");
        assertThatThrownBy(end::result)
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("the step at spec:1:")
                .hasMessageContaining("echo before; exit 3")
                .hasMessageContaining("exit status 3");
    }

    @Test
    void aMistakeInTheSpecIsToldWithItsPlace() throws Exception {
        EngineProcess.Progress end = bench.toTheEnd(bench.start("((from busybox)\n (rum (shell x)))"));

        assertThatThrownBy(end::result).hasMessageContaining("spec:2:3").hasMessageContaining("run");
        assertThat(bench.output()).doesNotContain("rum");
    }

    @Test
    void anOptionThatTheEngineDoesNotKnowIsTold() throws Exception {
        bench.options.add("--no-such-option");
        EngineProcess.Progress end = bench.toTheEnd(bench.start(run("true")));

        assertThatThrownBy(end::result).hasMessageContaining("status 2").hasMessageContaining("stands above");
        assertThat(bench.output()).contains("--no-such-option");
    }

    @Test
    void withoutASpecNothingIsStarted() {
        assertThatThrownBy(() ->
                        bench.start(new BuildSpecification(null, null, null, List.of(), List.of()), BuildSecrets.NONE))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("specFile");
        assertThatThrownBy(() ->
                        bench.start(new BuildSpecification("x", "y", null, List.of(), List.of()), BuildSecrets.NONE))
                .hasMessageContaining("both spec and specFile");
        assertThatThrownBy(() ->
                        bench.start(new BuildSpecification(null, "no", null, List.of(), List.of()), BuildSecrets.NONE))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("there is no file no in the workspace");
    }

    @Test
    void startingTwiceStartsOnce() throws Exception {
        EngineProcess engine = bench.start(run("echo started; sleep 1"));
        engine.start(bench.text(run("echo never")), BuildSecrets.NONE, bench.workspace, new hudson.EnvVars());
        bench.toTheEnd(engine).result();

        assertThat(bench.output()).containsOnlyOnce("\nstarted\n").doesNotContain("never");
    }

    @Test
    void stoppingEndsTheCommandToo() throws Exception {
        EngineProcess engine = bench.start(run("echo started; sleep 1001"));
        bench.untilItPrints(engine, "\nstarted\n");

        engine.stop(bench.workspace);
        EngineProcess.Progress end = bench.toTheEnd(engine);

        assertThatThrownBy(end::result).hasMessageContaining("cancelled");
        assertThat(EngineBench.processesWith("sleep 1001")).isEmpty();
    }

    /** As where the engine is root's and the agent is not: its standard input ends. */
    @Test
    void anEngineThatMayNotBeSignalledIsStoppedToo() throws Exception {
        EngineProcess engine = bench.start(run("echo started; sleep 1002"));
        bench.untilItPrints(engine, "\nstarted\n");

        Files.writeString(Path.of(engine.control(), ControlFiles.STOP), "");
        EngineProcess.Progress end = bench.toTheEnd(engine);

        assertThatThrownBy(end::result).hasMessageContaining("told it to stop");
        assertThat(EngineBench.processesWith("sleep 1002")).isEmpty();
    }

    @Test
    void nothingRunsWhenItHasEnded() throws Exception {
        EngineProcess engine = bench.start(run("true"));
        bench.toTheEnd(engine).result();

        await().atMost(Duration.ofSeconds(10))
                .until(() -> EngineBench.processesWith(engine.name()).isEmpty());
    }

    @Test
    void aControllerThatStartsAgainGoesOnWhereItWas() throws Exception {
        EngineProcess engine = bench.start(run("for i in $(seq 200); do echo line $i.; usleep 2000; done"));
        int restarts = 0;
        EngineProcess.Progress progress;
        do {
            progress = engine.follow(bench.workspace, bench.log, 100);
            engine = EngineBench.afterARestart(engine);
            restarts++;
        } while (!progress.ended());

        progress.result();
        assertThat(restarts).isGreaterThan(5);
        List<String> lines =
                bench.output().lines().filter(line -> line.startsWith("line ")).toList();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            expected.add("line " + i + ".");
        }
        assertThat(lines).isEqualTo(expected);
    }

    @Test
    void aPositionThatWasSavedApartIsTakenWhenItIsFurther() throws Exception {
        EngineProcess engine = bench.start(run("echo one; sleep 1; echo two"));
        EngineProcess old = EngineBench.afterARestart(engine);
        bench.untilItPrints(engine, "\none\n");

        old.resumeAt(engine.position());
        bench.toTheEnd(old).result();

        assertThat(bench.output()).containsOnlyOnce("\none\n").containsOnlyOnce("\ntwo\n");
    }

    @Test
    void aLostAgentComesBackAndNoLineIsLost() throws Exception {
        EngineProcess engine = bench.start(run("echo one; sleep 1; echo two; sleep 1; echo three"));
        bench.untilItPrints(engine, "\none\n");

        agent.kill();
        assertThatThrownBy(() -> engine.follow(bench.workspace, bench.log, 100))
                .isInstanceOf(java.io.IOException.class);
        try (SecondJvm back = SecondJvm.start()) {
            bench.toTheEnd(engine, back.file(bench.top)).result();
        }

        assertThat(bench.output())
                .containsOnlyOnce("\none\n")
                .containsOnlyOnce("\ntwo\n")
                .containsOnlyOnce("\nthree\n");
    }

    @Test
    void anEngineThatVanishesIsNoticed() throws Exception {
        EngineProcess engine = bench.start(run("echo started; sleep 1003"));
        bench.untilItPrints(engine, "\nstarted\n");
        wrapper(engine).destroyForcibly();
        engineProcess(engine).destroyForcibly();

        EngineProcess.Progress end = bench.toTheEnd(engine);

        assertThatThrownBy(end::result).hasMessageContaining("gone without a word");
        bench.build(run("true"));
    }

    @Test
    void anEngineWhoseShellWasKilledStillTellsItsResult() throws Exception {
        EngineProcess engine = bench.start(run("echo started; sleep 2; echo done"));
        bench.untilItPrints(engine, "\nstarted\n");
        wrapper(engine).destroyForcibly();

        assertThat(bench.toTheEnd(engine).result().steps()).hasSize(2);
        assertThat(bench.output()).contains("\ndone\n");
    }

    private static ProcessHandle wrapper(EngineProcess engine) throws Exception {
        String text = Files.readString(Path.of(engine.control(), ControlFiles.WRAPPER));
        return ProcessHandle.of(ProcessIdentity.parse(text).pid()).orElseThrow();
    }

    private static ProcessHandle engineProcess(EngineProcess engine) throws Exception {
        String text = Files.readString(Path.of(engine.control(), ControlFiles.ENGINE));
        return ProcessHandle.of(Long.parseLong(text.trim())).orElseThrow();
    }
}
