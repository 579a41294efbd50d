package hudson;

import java.io.IOException;

/** Stands for the class of the same name in Jenkins core. */
public class AbortException extends IOException {
    private static final long serialVersionUID = 1L;

    public AbortException() {}

    public AbortException(String message) {
        super(message);
    }
}
