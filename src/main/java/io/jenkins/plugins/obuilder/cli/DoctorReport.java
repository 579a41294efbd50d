package io.jenkins.plugins.obuilder.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.obuilder.store.StoreFindings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What {@code obuilder doctor} has to say: a line each, at once, or all as JSON at the end. */
final class DoctorReport {
    private final Running running;
    private final boolean json;
    private final List<String> objects = new ArrayList<>();

    DoctorReport(Running running, boolean json) {
        this.running = running;
        this.json = json;
    }

    /** Something is right, or why it is not. */
    void say(String what, Optional<String> whyNot, String detail) throws IOException {
        say(what, whyNot.isEmpty(), whyNot.orElse(detail), Map.of());
    }

    void say(StoreFindings.Finding finding) throws IOException {
        String name = finding.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        String detail = finding.what() + ": " + finding.kind().meaning();
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("what", finding.what());
        more.put("repairable", finding.kind().isRepairable());
        say(name, false, json ? finding.kind().meaning() : detail, more);
    }

    private void say(String what, boolean ok, String detail, Map<String, Object> more) throws IOException {
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("check", what);
            fields.put("ok", ok);
            fields.putAll(more);
            fields.put("detail", detail);
            objects.add(JSON.std.asString(fields));
            return;
        }
        Console.println(
                running,
                (ok ? "ok   " : "no   ")
                        + String.format("%-21s", what)
                        + detail.replace("\n", "\n                          "));
    }

    /** Nothing more comes. */
    void end() {
        if (json) {
            Console.println(running, "[" + String.join(",\n", objects) + "]");
        }
    }
}
