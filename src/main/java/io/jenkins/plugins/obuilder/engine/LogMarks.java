package io.jenkins.plugins.obuilder.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Marks in a log for people, by which a program finds stages, steps and the result: an escape sequence with a token that only the program
 * and the engine know, so that no command can print one. docs/events.md describes them. What is returned are byte strings. Thread-safe.
 */
public final class LogMarks {
    /** Sets no marks. */
    public static final LogMarks NONE = new LogMarks(null);

    /** A step's heading may be a whole script; a summary does not need all of it. */
    private static final int LONGEST_HEADING = 300;

    private final String token;
    private final Map<String, String> begun = new HashMap<>();
    private final List<String> steps = new ArrayList<>();
    private String store = "";

    private LogMarks(String token) {
        this.token = token;
    }

    /** @param token nothing that a command could guess; letters and digits alone */
    public static LogMarks of(String token) {
        return new LogMarks(token);
    }

    private String mark(String event, String fields) {
        return token == null ? "" : "\u001b]obuilder;" + token + ";event=" + event + fields + "\u0007";
    }

    /** A text, escaped as in the query of a URL. */
    private static String field(String name, String text) {
        return "&" + name + "=" + URLEncoder.encode(text, UTF_8);
    }

    private static String stage(String stage) {
        return field("stage", Bytes.toText(stage));
    }

    String stageStarted(String stage) {
        return mark("stage", stage(stage));
    }

    synchronized String stepStarted(String stage, Op op, String heading) {
        String text = Bytes.toText(heading);
        int end = text.offsetByCodePoints(0, Math.min(LONGEST_HEADING, text.codePointCount(0, text.length())));
        String what = stage(stage)
                + field("op", OpNames.of(op))
                + field("heading", end < text.length() ? text.substring(0, end) + "…" : text);
        begun.put(stage, what);
        return mark("step", what);
    }

    synchronized String stepFinished(String stage, SnapshotId id, boolean cached, Duration duration) {
        String result = "&id=" + id.hex() + "&cached=" + cached + "&ms=" + duration.toMillis();
        if (token != null) {
            steps.add(begun.getOrDefault(stage, stage(stage)).substring(1) + result);
        }
        return mark("saved", stage(stage) + result);
    }

    String note(String stage) {
        return mark("note", stage(stage));
    }

    String stageFinished(String stage) {
        return mark("stage-finished", stage(stage));
    }

    /** Which store is used: the last mark tells. */
    public synchronized void store(String name) {
        store = name;
    }

    /** The last mark of a build; it repeats what is to be known of each step that was finished. */
    public synchronized String finished(BuildOutcome outcome) {
        StringBuilder fields =
                new StringBuilder(field("status", outcome.status().name().toLowerCase(Locale.ROOT)));
        fields.append(field("message", outcome.message()));
        outcome.id().ifPresent(id -> fields.append("&id=").append(id.hex()));
        fields.append("&steps=").append(outcome.steps());
        fields.append("&hits=").append(outcome.hits());
        fields.append("&ms=").append(outcome.duration().toMillis());
        fields.append(field("store", store));
        steps.forEach(step -> fields.append(field("step", step)));
        return mark("finished", fields.toString());
    }
}
