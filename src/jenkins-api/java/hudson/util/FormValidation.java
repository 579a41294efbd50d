package hudson.util;

import hudson.Util;
import java.io.IOException;

/** Stands for the class of the same name in Jenkins core. */
public abstract class FormValidation extends IOException {
    private static final long serialVersionUID = 1L;

    public final Kind kind;

    private FormValidation(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Stands for the class of the same name in Jenkins core. */
    public enum Kind {
        OK,
        WARNING,
        ERROR
    }

    private static final class Result extends FormValidation {
        private static final long serialVersionUID = 1L;

        Result(Kind kind, String message) {
            super(kind, message);
        }
    }

    public static FormValidation ok() {
        return new Result(Kind.OK, null);
    }

    public static FormValidation error(String message) {
        return errorWithMarkup(Util.escape(message));
    }

    public static FormValidation errorWithMarkup(String message) {
        return new Result(Kind.ERROR, message);
    }

    public static FormValidation validatePositiveInteger(String value) {
        return value.matches("0*[1-9][0-9]*") ? ok() : error("not a positive integer");
    }

    public static FormValidation validateRequired(String value) {
        return value == null || value.isBlank() ? error("required") : ok();
    }
}
