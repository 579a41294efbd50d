package io.jenkins.plugins.obuilder.host;

/** A command took longer than it may. It was told to die; whether it did hangs on what it waits for. */
public final class CommandTimeoutException extends HostException {
    private static final long serialVersionUID = 1L;

    public CommandTimeoutException(String message) {
        super(message);
    }
}
