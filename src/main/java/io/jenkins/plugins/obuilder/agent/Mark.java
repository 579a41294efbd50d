package io.jenkins.plugins.obuilder.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the engine tells in its log besides the text: docs/events.md lists the events and their fields.
 *
 * @param fields by name; a name may have several values
 */
public record Mark(Map<String, List<String>> fields) implements Serializable {
    public static final String STAGE = "stage";
    public static final String STEP = "step";
    public static final String SAVED = "saved";
    public static final String NOTE = "note";
    public static final String STAGE_FINISHED = "stage-finished";
    static final String FINISHED = "finished";

    /** Reads the query of a URL. */
    static Mark parse(String query) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (String field : query.split("&")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.computeIfAbsent(field.substring(0, equals), name -> new ArrayList<>())
                        .add(URLDecoder.decode(field.substring(equals + 1), UTF_8));
            }
        }
        return new Mark(fields);
    }

    public String event() {
        return get("event");
    }

    /** The value of a field; empty when it is not there. */
    public String get(String name) {
        return fields.getOrDefault(name, List.of("")).get(0);
    }

    List<String> all(String name) {
        return fields.getOrDefault(name, List.of());
    }

    /** The value of a field that is a number; 0 when it is not there. */
    long number(String name) {
        String value = get(name);
        return value.isEmpty() ? 0 : Long.parseLong(value);
    }

    public boolean cached() {
        return get("cached").equals("true");
    }
}
