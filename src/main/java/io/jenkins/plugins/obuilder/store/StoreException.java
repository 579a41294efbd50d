package io.jenkins.plugins.obuilder.store;

import java.io.IOException;

/** A store cannot do what was asked. The message is for the user: what was being done, to what, why not, what to do. */
public class StoreException extends IOException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
