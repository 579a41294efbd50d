package io.jenkins.plugins.obuilder.agent;

import static io.jenkins.plugins.obuilder.agent.EngineBench.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hudson.AbortException;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.RootSide;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An agent that is not root: what it starts builds through sudo and the installed root side, or says what is missing. */
@Needs({Need.PRIVATE_ROOT, Need.SUDO, Need.RUNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC})
class UnprivilegedAgentTest {
    private RootSide side;
    private SecondJvm agent;
    private EngineBench bench;

    private void connect(RootSide rootSide) throws IOException {
        side = rootSide;
        Path classes = side.base.resolve("classes");
        Tools.run(
                side.base,
                "cp",
                "-r",
                Path.of("target/classes").toAbsolutePath().toString(),
                classes.toString());
        Tools.run(side.base, "cp", "-r", Path.of("target/test-classes").toAbsolutePath() + "/.", classes.toString());
        Tools.run(side.base, "chmod", "-R", "a+rX", classes.toString());
        agent = SecondJvm.startAs(RootSide.USER, side.home, classes.toString());
        bench = new EngineBench(side.home, agent);
        Tools.run(side.home, "chown", "-R", RootSide.USER + ":", "agent");
        bench.options.clear();
        bench.options.add("--wrapper=" + side.wrapper());
        bench.options.add("--store=" + side.store());
        bench.options.add("--image=busybox=tar:" + side.image);
    }

    @AfterEach
    void remove() throws IOException {
        agent.close();
        side.close();
    }

    private void connectToAnInstalledOne() throws IOException {
        connect(RootSide.install());
        side.configureUsual();
    }

    @Test
    void buildsThroughTheRootSide() throws Exception {
        connectToAnInstalledOne();
        Tools.run(
                bench.top, "runuser", "-u", RootSide.USER, "--", "sh", "-c", "echo of the workspace > a; chmod 600 a");
        String spec = "((from busybox) (shell /bin/sh -c) (copy (src a) (dst /a))"
                + " (run (secrets (token (target /run/token))) (shell \"cat /a /run/token; id -u; wc -c /run/token\")))";
        BuildSecrets secrets = EngineBench.secrets("token", "secret-83724-of-the-job");

        EngineProcess engine = bench.start(bench.text(spec), secrets);
        EngineResult first = bench.toTheEnd(engine).result();

        assertThat(bench.output())
                .contains("\nof the workspace\n****0\n23 /run/token\n")
                .doesNotContain("secret-83724");
        assertThat(first.misses()).isEqualTo(3);
        engine.cleanUp(bench.workspace);

        EngineResult second =
                bench.toTheEnd(bench.start(bench.text(spec), secrets)).result();

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.hits()).isEqualTo(3);
        side.assertNotInStore("secret-83724");
        side.assertNothingLeft();
    }

    @Test
    void aStepThatFailsIsToldInOneMessage() throws Exception {
        connectToAnInstalledOne();

        EngineProcess.Progress end = bench.toTheEnd(bench.start(run("echo before; exit 3")));

        assertThat(bench.output()).contains("\nbefore\n").doesNotContain("exit status 3");
        assertThatThrownBy(end::result)
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("the step at spec:1:")
                .hasMessageContaining("exit status 3");
        side.assertNothingLeft();
    }

    @Test
    void anAbortEndsTheRootSideToo() throws Exception {
        connectToAnInstalledOne();
        EngineProcess engine = bench.start(run("echo begun; trap '' TERM INT; sleep 7317"));
        bench.untilItPrints(engine, "\nbegun\n");
        assertThat(side.rootProcesses()).isNotEmpty();

        engine.stop(bench.workspace);

        assertThatThrownBy(bench.toTheEnd(engine)::result).hasMessageContaining("cancelled");
        await().until(() -> EngineBench.processesWith("sleep 7317").isEmpty());
        side.assertNothingLeft();
    }

    @Test
    void whatTheRootSideRefusesIsTold() throws Exception {
        connectToAnInstalledOne();
        side.configure("sandbox = runc");

        EngineProcess.Progress end = bench.toTheEnd(bench.start(run("true")));

        assertThatThrownBy(end::result)
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("an --image of the caller's is not allowed")
                .hasMessageContaining(RootSide.CONF + " does not say caller-images = yes");
    }

    @Test
    void withoutRootAndWithoutARootSideTheMessageSaysWhatToDo() throws Exception {
        connect(RootSide.prepared());

        EngineProcess.Progress end = bench.toTheEnd(bench.start(run("true")));

        assertThatThrownBy(end::result)
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("builds need root, and this runs as the user " + RootSide.USER)
                .hasMessageContaining("start the Jenkins agent (or this command) as root")
                .hasMessageContaining("install --user " + RootSide.USER)
                .hasMessageNotContaining("\tat ");
        assertThat(agent.call(new AgentFacts.Probe()).root())
                .as("no label where no build is possible")
                .isEqualTo(Files.exists(AgentFacts.WRAPPER));
    }
}
