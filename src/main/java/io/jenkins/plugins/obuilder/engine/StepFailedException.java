package io.jenkins.plugins.obuilder.engine;

import java.io.IOException;

/** A step's command ended with another exit status than 0, or was ended because it went beyond a limit. */
final class StepFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    StepFailedException(int status) {
        super(describe(status));
    }

    StepFailedException(String why) {
        super(why);
    }

    private static String describe(int status) {
        return status > 128 && status <= 128 + 64
                ? "exit status " + status + " (killed by signal " + (status - 128) + ")"
                : "exit status " + status;
    }
}
