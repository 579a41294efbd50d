package io.jenkins.plugins.obuilder;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.MarkupText;
import hudson.console.ConsoleAnnotationDescriptor;
import hudson.console.ConsoleAnnotator;
import hudson.console.ConsoleNote;
import io.jenkins.plugins.obuilder.agent.Mark;
import org.jenkinsci.Symbol;

/** Marks a line of the console that tells of a stage or a step. */
public final class StepNote extends ConsoleNote<Object> {
    private static final long serialVersionUID = 1L;

    private final String event;
    private final boolean cached;

    StepNote(String event, boolean cached) {
        this.event = event;
        this.cached = cached;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public ConsoleAnnotator annotate(Object context, MarkupText text, int charPos) {
        text.addMarkup(charPos, text.length(), "<span class=\"" + cssClass() + "\">", "</span>");
        return null;
    }

    private String cssClass() {
        return switch (event) {
            case Mark.STAGE, Mark.STAGE_FINISHED -> "obuilder-stage";
            case Mark.STEP -> "obuilder-step";
            case Mark.SAVED -> cached ? "obuilder-cached" : "obuilder-saved";
            default -> "obuilder-note";
        };
    }

    /** Registers the note and its style sheet. */
    @Extension
    @Symbol("obuilderStepNote")
    public static final class DescriptorImpl extends ConsoleAnnotationDescriptor {
        @NonNull @Override
        public String getDisplayName() {
            return Messages.StepNote_DisplayName();
        }
    }
}
