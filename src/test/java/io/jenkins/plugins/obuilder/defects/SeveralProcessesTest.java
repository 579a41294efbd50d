package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.cache;
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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Several processes at once: in OBuilder the second kills what the first has going, and containers of two stores collide. */
@ParameterizedClass
@ValueSource(strings = {"overlayfs", "rsync"})
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.RSYNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC})
class SeveralProcessesTest {
    private static final String HOST = "(network host)";

    @Parameter
    String store;

    @TempDir
    Path directory;

    private Lab lab;
    private Workbench bench;

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(directory);
        bench = lab.bench(store);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        lab.assertNothingLeft(bench);
        Lab.assertWhole(bench);
    }

    @Test
    void aSecondProcessLeavesTheFirstOnesWorkAlone() throws Exception {
        String before = run("echo kept > /kept", cache("c", "/c"));
        try (Gate gate = Gate.closed()) {
            String waits = run(gate.pass("waits") + "; cat /kept; echo passed > /c/file", HOST, cache("c", "/c"));
            try (EngineProcess first = bench.start(spec(before, waits))) {
                gate.awaitArrivals(1);
                bench.mustBuild(spec(before, run("echo in between")));
                bench.mustBuild(spec(before, run("echo and again")));
                gate.letThrough();

                assertThat(first.join()).as(first.out() + first.err()).isZero();
                assertThat(first.out()).contains("\nkept\n--->");
                assertThat(first.err()).isEmpty();
            }
        }
        bench.mustBuild(spec(run("cat /c/file", cache("c", "/c"))));
        assertThat(bench.out()).contains("\npassed\n");
    }

    @Test
    void containersOfTwoStoresHaveNamesOfTheirOwnAndNothingOfThemIsLogged() throws Exception {
        Workbench other = new Workbench(directory, store, directory.resolve("other store"))
                .with("--image", "busybox=dir:" + lab.base);
        try (Gate gate = Gate.closed()) {
            String spec = spec(run(gate.pass("it") + "; echo end", HOST));
            try (EngineProcess first = bench.start(spec);
                    EngineProcess second = other.start(spec)) {
                gate.awaitArrivals(2);
                // The reference takes whatever is there for a container of its own, and does not start when it cannot
                // delete
                // it.
                assertThat(bench.store().resolve("state/sandbox")).doesNotExist();
                assertThat(containers(bench)).hasSize(1).doesNotContainAnyElementsOf(containers(other));
                gate.letThrough();

                assertThat(first.join()).as(first.out() + first.err()).isZero();
                assertThat(second.join()).as(second.out() + second.err()).isZero();
                assertThat(first.out()).isEqualTo(second.out()).contains("))\nend\n--->");
                assertThat(first.err() + second.err()).isEmpty();
            }
        }
        other.assertNothingTemporary();
    }

    private static List<String> containers(Workbench bench) throws IOException {
        try (Stream<Path> all = Files.find(
                bench.store().resolve("state/processes"),
                3,
                (path, attributes) -> path.getParent().endsWith("bundles"))) {
            return all.map(path -> path.getFileName().toString()).toList();
        }
    }
}
