package io.jenkins.plugins.obuilder.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Op;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * One step of a plan.
 *
 * @param stage the path of nested builds that leads to it
 * @param op null for {@code from}
 * @param heading as logs show it (a byte string)
 * @param cached whether the store that was asked has it
 */
public record PlannedStep(String stage, Op op, String workdir, String heading, StepId id, boolean cached) {
    /** For people: the id, or why there is none yet, and the step on one line. */
    public String toText() {
        String known = id.id().map(Object::toString).orElse("(" + id.whyUnknown() + ")");
        String where = stage.isEmpty() ? "" : " [" + Bytes.toText(stage) + "]";
        return known + (cached ? " cached" : "") + where + " " + Bytes.toText(oneLine(heading));
    }

    /** Takes out what the printer did to fit a heading to the width of a terminal. */
    private static String oneLine(String heading) {
        return heading.replaceAll("\\\\\n *", "").replaceAll("\n *", " ");
    }

    /** For machines: a JSON object on one line. */
    public String toJson() {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("stage", Bytes.toText(stage));
            json.writeStringField("op", OpNames.of(op));
            json.writeStringField("workdir", Bytes.toText(workdir));
            json.writeStringField("heading", Bytes.toText(heading));
            if (id.id().isPresent()) {
                json.writeStringField("id", id.id().get().hex());
            } else {
                json.writeStringField("unknown", id.whyUnknown());
            }
            json.writeBooleanField("cached", cached);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return line.toString();
    }
}
