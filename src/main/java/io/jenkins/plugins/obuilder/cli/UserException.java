package io.jenkins.plugins.obuilder.cli;

/** The command cannot do what it was told. The message is all that the user sees. */
final class UserException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private UserException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The command line or the spec is wrong; nothing was done. */
    static UserException usage(String message) {
        return new UserException(ExitCodes.USAGE, message, null);
    }

    /** The command line or the spec is wrong; nothing was done. */
    static UserException usage(String message, Throwable cause) {
        return new UserException(ExitCodes.USAGE, message, cause);
    }

    /** What was asked for failed. */
    static UserException failed(String message) {
        return new UserException(ExitCodes.FAILED, message, null);
    }

    int exitCode() {
        return exitCode;
    }
}
