package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.build;
import static io.jenkins.plugins.obuilder.testing.Specs.cache;
import static io.jenkins.plugins.obuilder.testing.Specs.copyFrom;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.secret;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static io.jenkins.plugins.obuilder.testing.Specs.withBuilds;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.cli.EngineProcess;
import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.testing.Gate;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stops a build stops its containers, too, and leaves nothing; in OBuilder all goes on and secrets stay on the disk. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC})
class SignalsTest {
    @TempDir
    Path directory;

    private Lab lab;
    private Workbench bench;
    private Gate gate;
    private String spec;

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(directory);
        bench = lab.bench("overlayfs")
                .with("--secret", "token:" + Files.writeString(directory.resolve("token"), "a secret"));
        gate = Gate.closed();
        String first = run(gate.pass("one") + "; " + Lab.FOREVER, "(network host)", cache("c", "/c"));
        String second = run(
                "trap '' TERM INT; " + gate.pass("two") + "; (setsid " + Lab.FOREVER + " &); " + Lab.FOREVER,
                "(network host)",
                secret("token", "/run/token"));
        spec = withBuilds(
                build("a", first) + build("b", second), copyFrom("a", "bin", "/a"), copyFrom("b", "bin", "/b"));
    }

    /** Without another start, which would repair. */
    @AfterEach
    void nothingIsLeft() throws IOException {
        gate.close();
        lab.assertNothingLeft(bench);
        Lab.assertWhole(bench);
    }

    private void awaitSteps() throws IOException {
        gate.awaitArrivals(2);
        gate.letThrough();
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
    void aSignalEndsEverything(String signal, int status) throws Exception {
        try (EngineProcess process = bench.start(spec)) {
            awaitSteps();
            process.signal(signal);

            assertThat(process.join()).isEqualTo(status);
            assertThat(lab.processes()).as("what runs on").isEmpty();
            assertThat(process.err()).isEqualTo("obuilder: the build was cancelled: a signal told it to stop\n");
        }
    }

    @Test
    void aSignalWhileNothingRunsYetEndsIt() throws Exception {
        try (EngineProcess process = bench.start(spec)) {
            process.awaitOutput("(from busybox)");
            process.signal("TERM");

            assertThat(process.join()).isEqualTo(143);
        }
    }

    @Test
    void aReaderThatGoesAwayEndsEverything() throws Exception {
        String talks = spec(run("while true; do echo talks; done"));
        try (EngineProcess process = bench.startPiped(talks)) {
            try (InputStream out = process.process().getInputStream()) {
                out.readNBytes(1000);
            }

            assertThat(process.join()).isEqualTo(141);
        }
    }

    @Test
    void theTimeoutEndsEverything() throws Exception {
        try (EngineProcess process = bench.start(spec, "--timeout", "3")) {
            assertThat(process.join()).isEqualTo(124);
            assertThat(process.err()).contains("it took longer than --timeout 3");
        }
    }

    @Test
    void whatAKilledProcessLeftIsEndedByTheNext() throws Exception {
        try (EngineProcess process = bench.start(spec)) {
            awaitSteps();
            process.kill();
        }
        assertThat(lab.processes()).as("containers live on").isNotEmpty();

        bench.mustBuild(spec());

        assertThat(bench.err()).contains("a build that crashed had left the container");
    }
}
