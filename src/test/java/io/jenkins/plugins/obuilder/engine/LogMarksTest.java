package io.jenkins.plugins.obuilder.engine;

import static io.jenkins.plugins.obuilder.testing.Specs.build;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.withBuilds;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.spec.Spec;
import io.jenkins.plugins.obuilder.spec.SpecReader;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogMarksTest {
    private static final SnapshotId ID = new SnapshotId("ab".repeat(32));
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    private String log(LogMarks marks) throws Exception {
        Spec spec = SpecReader.read(Bytes.toBytes(withBuilds(build("\"a b\"", run("true")), "", run("make"))), "spec");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BuildEvents events = new TextEvents(spec, out, false, marks);
        events.stageStarted("");
        events.stageStarted("a b");
        events.stepStarted("a b", "/", null, "(from x)");
        events.stepFinished("a b", ID, true, Duration.ofMillis(3));
        events.stageFinished("a b");
        events.stepStarted("", "/", spec.ops().get(1), "/: (run (shell \"ä" + "x".repeat(400) + "\"))");
        events.output("", "out\n".getBytes(UTF_8), 0, 4);
        events.note("", "look");
        events.stepFinished("", ID, false, Duration.ofMillis(1234));
        events.stageFinished("");
        events.buildFinished(
                new BuildOutcome(BuildOutcome.Status.SUCCEEDED, Optional.of(ID), "", 2, 1, Duration.ofMillis(2000)));
        return out.toString(UTF_8);
    }

    @Test
    void withoutMarksTheLogIsTheSame() throws Exception {
        assertThat(log(LogMarks.of(TOKEN)).replaceAll("\u001b\\]obuilder;[^\u0007]*\u0007", ""))
                .isEqualTo(log(LogMarks.NONE))
                .doesNotContain("\u001b");
    }

    @Test
    void everyMarkStandsBeforeItsLine() throws Exception {
        String before = "\u001b]obuilder;" + TOKEN + ";event=";
        assertThat(log(LogMarks.of(TOKEN)))
                .contains(before + "stage&stage=a+b\u0007(")
                .contains(before + "step&stage=a+b&op=from&heading=%28from+x%29\u0007(from x)\n")
                .contains(before + "saved&stage=a+b&id=" + ID.hex() + "&cached=true&ms=3\u0007---> using")
                .contains(before + "note&stage=\u0007---> look\n")
                .contains(before + "stage-finished&stage=a+b\u0007-");
    }

    @Test
    void theLastMarkTellsTheResultAndEachStep() throws Exception {
        String last = log(LogMarks.of(TOKEN)).replaceFirst("(?s).*;event=finished", "");

        assertThat(last)
                .startsWith("&status=succeeded&message=&id=" + ID.hex()
                        + "&steps=2&hits=1&ms=2000&store=&step=stage%3Da%2Bb%26op%3Dfrom")
                .contains("%26op%3Drun%26heading%3D")
                .endsWith("%26cached%3Dfalse%26ms%3D1234\u0007")
                .hasSizeLessThan(1500);
    }
}
