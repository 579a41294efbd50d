package io.jenkins.plugins.obuilder.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class JsonEventsTest {
    private static final SnapshotId ID = new SnapshotId("ab".repeat(32));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final JsonEvents events = new JsonEvents(out, "1.2");

    private List<Map<String, Object>> lines() throws Exception {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (String line : out.toString(UTF_8).split("\n")) {
            lines.add(JSON.std.mapFrom(line));
        }
        return lines;
    }

    @Test
    void theFirstLineTellsTheProtocolAndTheLastTheResult() throws Exception {
        events.buildFinished(
                new BuildOutcome(BuildOutcome.Status.SUCCEEDED, Optional.of(ID), "", 3, 2, Duration.ofMillis(1234)));

        assertThat(lines().get(0))
                .containsEntry("event", "start")
                .containsEntry("protocol", 1)
                .containsEntry("version", "1.2");
        assertThat(lines().get(1))
                .isEqualTo(Map.of(
                        "event", "finished", "status", "succeeded", "id", ID.hex(), "steps", 3, "hits", 2, "ms", 1234));
    }

    @Test
    void aFailureHasAMessageInsteadOfAnId() throws Exception {
        BuildOutcome outcome =
                new BuildOutcome(BuildOutcome.Status.FAILED, Optional.empty(), "it broke", 1, 0, Duration.ZERO);

        assertThat(JSON.std.mapFrom(new String(JsonEvents.resultFile(outcome), UTF_8)))
                .isEqualTo(Map.of("status", "failed", "message", "it broke", "steps", 1, "hits", 0, "ms", 0));
    }

    @Test
    void outputThatIsNotUtf8ComesAsBase64Too() throws Exception {
        byte[] bytes = {'a', (byte) 0xff, 'b'};
        events.output("dev", bytes, 0, 3);

        assertThat(lines().get(1))
                .isEqualTo(Map.of(
                        "event",
                        "output",
                        "stage",
                        "dev",
                        "text",
                        "a\ufffdb",
                        "base64",
                        Base64.getEncoder().encodeToString(bytes)));
    }

    @Test
    void whatNothingCompletesIsToldWhenTheStepEnds() throws Exception {
        events.output("", new byte[] {(byte) 0xe2, (byte) 0x98}, 0, 2);
        assertThat(lines()).hasSize(1);

        events.stepFinished("", ID, false, Duration.ZERO);
        assertThat(lines()).hasSize(3);
        assertThat(lines().get(1)).containsEntry("base64", "4pg=");
    }

    @Property(tries = 300)
    void noCharacterIsSplitWhereverTheOutputIsCut(
            @ForAll String text, @ForAll @IntRange(min = 1, max = 7) int pieceLength) throws Exception {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        JsonEvents cut = new JsonEvents(stream, "1");
        // Lone surrogates have no UTF-8 form: the encoder makes question marks of them.
        byte[] bytes = text.getBytes(UTF_8);
        for (int at = 0; at < bytes.length; at += pieceLength) {
            cut.output("", bytes, at, Math.min(pieceLength, bytes.length - at));
        }
        StringBuilder read = new StringBuilder();
        String[] lines = stream.toString(UTF_8).split("\n");
        for (int i = 1; i < lines.length; i++) {
            Map<String, Object> line = JSON.std.mapFrom(lines[i]);
            assertThat(line).doesNotContainKey("base64");
            read.append(line.get("text"));
        }
        assertThat(read.toString()).isEqualTo(new String(bytes, UTF_8));
    }
}
