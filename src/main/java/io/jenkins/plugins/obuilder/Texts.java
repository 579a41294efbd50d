package io.jenkins.plugins.obuilder;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** What forms send. */
final class Texts {
    private Texts() {}

    /** The text, or null for one without a character that shows: what a form sends for a field that was left empty. */
    @CheckForNull
    static String given(@CheckForNull String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
