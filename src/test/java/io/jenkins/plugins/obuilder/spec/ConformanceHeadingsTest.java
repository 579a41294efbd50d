package io.jenkins.plugins.obuilder.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The headings and notes of the reference's logs, and what it prints of a spec. */
class ConformanceHeadingsTest {
    static Stream<Conformance> cases() throws Exception {
        return Conformance.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void headingsStandInTheLogInTheirOrder(Conformance expected) throws Exception {
        List<String> headings = new ArrayList<>();
        collect(SpecReader.read(expected.spec(), "build.spec"), headings);
        String log = "\n" + Bytes.of(expected.file("expected.log"));
        int at = 0;
        for (String heading : headings) {
            at = log.indexOf("\n" + heading + "\n", at);
            assertThat(at).as("%s in %s", heading, log).isNotNegative();
            at += heading.length();
        }
        long headingsInLog = log.lines()
                .filter(line -> line.startsWith("(") || line.startsWith("/") && line.contains(": ("))
                .count();
        assertThat(headings.stream().filter(line -> !line.startsWith("-->"))).hasSize((int) headingsInLog);
    }

    private static void collect(Spec spec, List<String> headings) {
        for (Spec.NestedBuild build : spec.builds()) {
            headings.add(SpecPrinter.buildHeading(build.name()));
            collect(build.spec(), headings);
            headings.add(SpecPrinter.finishedNote(build.name()));
        }
        headings.add(SpecPrinter.fromHeading(spec.from()));
        BuildContext context = BuildContext.initial(List.of(), BuildContext.DEFAULT_SHELL);
        for (Op op : spec.ops()) {
            headings.add(SpecPrinter.heading(context.workdir(), op));
            context = context.apply(op);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aPrintedSpecReadsBackEqual(Conformance expected) throws Exception {
        Spec spec = SpecReader.read(expected.spec(), "build.spec");
        assertThat(SpecReader.read(Bytes.toBytes(SpecPrinter.human(spec)), "human"))
                .isEqualTo(spec);
        assertThat(SpecReader.read(Bytes.toBytes(SpecPrinter.machine(spec)), "machine"))
                .isEqualTo(spec);
    }
}
