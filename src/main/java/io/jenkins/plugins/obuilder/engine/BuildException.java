package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.util.Optional;

/** A build cannot go on. The message is for its user: which stage and step, what went wrong, what to do. */
public class BuildException extends Exception {
    private static final long serialVersionUID = 1L;

    BuildException(String message, Throwable cause) {
        super(message, cause);
    }

    BuildException(String message) {
        super(message);
    }

    /**
     * A step went wrong.
     *
     * @param heading the step as the log shows it
     * @param at its place in the spec behind " at ", or nothing
     * @param id the id that nobody got; null when it was not known yet
     */
    static BuildException ofStep(String stage, String heading, String at, StepId id, IOException cause) {
        String where = stage.isEmpty() ? "" : "in the nested build \"" + Bytes.toText(stage) + "\", ";
        Optional<SnapshotId> lost = Optional.ofNullable(id).flatMap(StepId::id);
        String message = where + "the step" + at + " failed:\n    "
                + Bytes.toText(heading).replace("\n", "\n    ") + "\n" + cause.getMessage()
                + lost.map(hex -> "\nNothing was saved as " + hex + ".").orElse("");
        return new BuildException(message, cause);
    }
}
