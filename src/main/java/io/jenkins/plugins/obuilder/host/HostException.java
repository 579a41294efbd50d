package io.jenkins.plugins.obuilder.host;

import java.io.IOException;

/** Something asked of the operating system failed. The message says what was being done, to what, what the system said, what to do. */
public class HostException extends IOException {
    private static final long serialVersionUID = 1L;

    public HostException(String message) {
        super(message);
    }

    public HostException(String message, Throwable cause) {
        super(message, cause);
    }
}
