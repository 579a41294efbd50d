package io.jenkins.plugins.obuilder.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Writes events as JSON lines: the protocol that docs/events.md describes. */
public final class JsonEvents implements BuildEvents {
    /** The protocol's version: it grows when a reader of the former one could be misled. */
    public static final int PROTOCOL = 1;

    private final JsonFactory factory = new JsonFactory();
    private final OutputStream out;
    private final Map<String, Utf8Pieces> pieces = new HashMap<>();

    /**
     * Writes the first line, which tells the protocol's version.
     *
     * @param out is flushed after every line
     */
    public JsonEvents(OutputStream out, String version) {
        this.out = out;
        line("start", null, json -> {
            json.writeNumberField("protocol", PROTOCOL);
            json.writeStringField("version", version);
        });
    }

    @Override
    public void stageStarted(String stage) {
        line("stage-started", stage, json -> {});
    }

    @Override
    public void stepStarted(String stage, String workdir, Op op, String heading) {
        line("step-started", stage, json -> {
            json.writeStringField("op", OpNames.of(op));
            json.writeStringField("workdir", Bytes.toText(workdir));
            json.writeStringField("heading", Bytes.toText(heading));
        });
    }

    @Override
    public synchronized void output(String stage, byte[] buffer, int offset, int length) {
        piece(stage, pieces.computeIfAbsent(stage, s -> new Utf8Pieces()).take(buffer, offset, length));
    }

    private void piece(String stage, byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        line("output", stage, json -> {
            try {
                json.writeStringField(
                        "text",
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(bytes))
                                .toString());
            } catch (CharacterCodingException e) {
                json.writeStringField("text", new String(bytes, StandardCharsets.UTF_8));
                json.writeBinaryField("base64", bytes);
            }
        });
    }

    private synchronized void endOfOutput(String stage) {
        Utf8Pieces held = pieces.remove(stage);
        if (held != null) {
            piece(stage, held.rest());
        }
    }

    @Override
    public void stepFinished(String stage, SnapshotId id, boolean cached, Duration duration) {
        endOfOutput(stage);
        line("step-finished", stage, json -> {
            json.writeStringField("id", id.hex());
            json.writeBooleanField("cached", cached);
            json.writeNumberField("ms", duration.toMillis());
        });
    }

    @Override
    public void note(String stage, String text) {
        line("note", stage, json -> json.writeStringField("text", text));
    }

    @Override
    public void progress(String stage, String text) {
        line("progress", stage, json -> json.writeStringField("text", text));
    }

    @Override
    public void stageFinished(String stage) {
        line("stage-finished", stage, json -> {});
    }

    @Override
    public void stageFailed(String stage, String message) {
        endOfOutput(stage);
        line("stage-failed", stage, json -> json.writeStringField("message", message));
    }

    @Override
    public void buildFinished(BuildOutcome outcome) {
        line("finished", null, json -> writeOutcome(json, outcome));
    }

    /** The result file: the fields of the last event in an object of their own, on one line. */
    public static byte[] resultFile(BuildOutcome outcome) {
        return object(new JsonFactory(), json -> writeOutcome(json, outcome));
    }

    private static void writeOutcome(JsonGenerator json, BuildOutcome outcome) throws IOException {
        json.writeStringField("status", outcome.status().name().toLowerCase(Locale.ROOT));
        if (outcome.id().isPresent()) {
            json.writeStringField("id", outcome.id().get().hex());
        } else {
            json.writeStringField("message", outcome.message());
        }
        json.writeNumberField("steps", outcome.steps());
        json.writeNumberField("hits", outcome.hits());
        json.writeNumberField("ms", outcome.duration().toMillis());
    }

    private void line(String event, String stage, Fields fields) {
        byte[] line = object(factory, json -> {
            json.writeStringField("event", event);
            if (stage != null) {
                json.writeStringField("stage", Bytes.toText(stage));
            }
            fields.write(json);
        });
        synchronized (this) {
            try {
                out.write(line);
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write an event", e);
            }
        }
    }

    private static byte[] object(JsonFactory factory, Fields fields) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = factory.createGenerator(line)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return line.toByteArray();
    }

    @FunctionalInterface
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }
}
