package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.copy;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.cli.EngineProcess;
import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.testing.Gate;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two processes want the same step, and the one that runs it is stopped: the other one runs it again. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC})
class SurvivorTest {
    @TempDir
    Path directory;

    private Lab lab;
    private Workbench owner;
    private Workbench survivor;

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(directory);
        owner = lab.bench("overlayfs");
        Path other = Files.createDirectory(directory.resolve("another context"));
        survivor = new Workbench(owner, other);
        Files.writeString(owner.context.resolve("file"), "the same in both");
        Files.writeString(other.resolve("file"), "the same in both");
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        owner.mustBuild("((from busybox))");
        lab.assertNothingLeft(owner);
        Lab.assertWhole(owner);
    }

    private static String slow(Gate gate) {
        return spec(
                copy("file", "/file"),
                run("echo begun; " + gate.pass("step") + "; cat /file; echo; echo ended", "(network host)"));
    }

    @ParameterizedTest
    @CsvSource({"KILL, 137", "TERM, 143", "INT, 130"})
    void theOtherOneStartsItAgain(String signal, int status) throws Exception {
        try (Gate gate = Gate.closed();
                EngineProcess first = owner.start(slow(gate))) {
            gate.awaitArrivals(1);
            // Its own context is all that the survivor has from now on.
            Files.delete(owner.context.resolve("file"));
            try (EngineProcess second = survivor.start(slow(gate))) {
                second.awaitOutput("begun\n");
                assertThat(gate.arrived()).hasSize(1);
                first.signal(signal);
                assertThat(first.join()).isEqualTo(status);
                gate.awaitArrivals(2);
                gate.letThrough();

                assertThat(second.join()).as(second.out() + second.err()).isZero();
                assertThat(second.out())
                        .contains("begun\n---> whoever ran this step was stopped; it starts again\nbegun\n")
                        .contains("\nthe same in both\nended\n---> saved as");
            }
        }
    }

    @Test
    void aStepThatNobodyWantsAnyMoreEnds() throws Exception {
        try (Gate gate = Gate.closed();
                EngineProcess first = owner.start(slow(gate))) {
            gate.awaitArrivals(1);
            try (EngineProcess second = survivor.start(slow(gate))) {
                second.awaitOutput("begun\n");
                second.signal("TERM");
                assertThat(second.join()).isEqualTo(143);
                assertThat(first.process().isAlive()).as("it wants it still").isTrue();
                first.signal("TERM");
                assertThat(first.join()).isEqualTo(143);
                assertThat(gate.arrived()).hasSize(1);
                assertThat(lab.processes()).isEmpty();
            }
        }
    }
}
