package io.jenkins.plugins.obuilder.host;

/** A command ended with another exit status than 0. */
public final class CommandFailedException extends HostException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String complaint;

    public CommandFailedException(HostCommand command, CommandResult result) {
        super("cannot " + command.doing() + ": " + command + " failed with " + result.ending() + ": "
                + result.complaint());
        status = result.status();
        complaint = result.complaint();
    }

    /** 128 + n when signal n ended it. */
    public int status() {
        return status;
    }

    /** What the command said. */
    public String complaint() {
        return complaint;
    }
}
