package io.jenkins.plugins.obuilder.host;

/** A command was killed, or not begun, because its {@link Cancellation} was cancelled. */
public final class CommandCancelledException extends HostException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    public CommandCancelledException(HostCommand command, String reason) {
        super("did not " + command.doing() + ": " + reason);
        this.reason = reason;
    }

    /** Why it was cancelled. */
    public String reason() {
        return reason;
    }
}
