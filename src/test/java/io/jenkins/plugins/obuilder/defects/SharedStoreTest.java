package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.build;
import static io.jenkins.plugins.obuilder.testing.Specs.cache;
import static io.jenkins.plugins.obuilder.testing.Specs.copy;
import static io.jenkins.plugins.obuilder.testing.Specs.copyFrom;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.withBuilds;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.cli.EngineProcess;
import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.testing.Gate;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several processes that build on one store at the same time: every step is run once, and everybody gets the whole log. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.RSYNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC})
class SharedStoreTest {
    private static final String HOST = "(network host)";
    private static final int LINES = 2000;

    private static final Pattern LINE = Pattern.compile("(?m)^number (\\d+)$");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "overlayfs, 2, 1",
        "overlayfs, 8, 1",
        "overlayfs, 8, 3",
        "rsync, 2, 1",
        "rsync, 8, 3",
    })
    void everyStepIsRunOnceAndEverybodyGetsTheWholeLog(String store, int processes, int kinds) throws Exception {
        Lab lab = new Lab(directory);
        Workbench bench = lab.bench(store);
        Files.writeString(bench.context.resolve("file"), "copied");
        List<EngineProcess> running = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        try (Gate gate = Gate.closed()) {
            for (int i = 0; i < processes; i++) {
                running.add(bench.start(spec(gate, i % kinds)));
            }
            // All of them are at it before the first step ends.
            running.forEach(process -> process.awaitOutput("(from busybox)"));
            gate.letThrough();
            for (EngineProcess process : running) {
                assertThat(process.join()).as(process.out() + process.err()).isZero();
                assertThat(process.err()).isEmpty();
                outputs.add(process.out());
            }
            assertThat(gate.arrived()).hasSize(4 + kinds).doesNotHaveDuplicates();
        } finally {
            running.forEach(EngineProcess::close);
        }
        for (int i = 0; i < processes; i++) {
            assertThat(matches(LINE, outputs.get(i)))
                    .as("every line, once and in order")
                    .isEqualTo(IntStream.rangeClosed(1, LINES)
                            .mapToObj(Integer::toString)
                            .toList());
            assertThat(plain(outputs.get(i))).isEqualTo(plain(outputs.get(i % kinds)));
        }
        assertThat(new TreeSet<>(outputs.stream().map(SharedStoreTest::result).toList()))
                .hasSize(kinds);
        bench.mustBuild("((from busybox))");
        lab.assertNothingLeft(bench);
        Lab.assertWhole(bench);
    }

    /** Two nested builds and some steps that all kinds have, and a last one of their own. */
    private static String spec(Gate gate, int kind) {
        String left = build("left", run(gate.pass("left 1") + "; echo left > /left", HOST));
        String right = build(
                "right",
                run(gate.pass("right 1") + "; seq " + LINES + " | sed 's/^/number /'", HOST),
                run(gate.pass("right 2") + "; echo right > /right", HOST, cache("c", "/c")));
        return withBuilds(
                left + right,
                copy("file", "/file"),
                run(gate.pass("top 1") + "; sleep 0.3; echo top", HOST),
                copyFrom("left", "left", "/from-left"),
                copyFrom("right", "right", "/from-right"),
                run(gate.pass("kind " + kind) + "; cat /file /from-left /from-right", HOST));
    }

    /** Without what differs between who made a step and who only waited for it. */
    private static String plain(String output) {
        return output.replaceAll("---> saved as (\"\\w+\")", "---> using $1 from cache");
    }

    private static List<String> matches(Pattern pattern, String output) {
        return pattern.matcher(output).results().map(match -> match.group(1)).toList();
    }

    private static String result(String output) {
        return output.substring(output.indexOf("\nGot: "));
    }
}
