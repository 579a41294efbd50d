package io.jenkins.plugins.obuilder;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/** What forms send. */
final class Texts {
    private Texts() {}

    /** The text, or null for one without a character that shows: what a form sends for a field that was left empty. */
    @CheckForNull
    static String given(@CheckForNull String text) {
        return text == null || text.isBlank() ? null : text;
    }

    /** A list whose form is a text field with an entry a line: then it comes as one text. */
    static List<String> lines(@CheckForNull List<String> entries) {
        return entries == null
                ? List.of()
                : entries.stream()
                        .flatMap(String::lines)
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
    }

    /** The list as its form shows it. */
    static String text(List<String> entries) {
        return String.join("\n", entries);
    }
}
