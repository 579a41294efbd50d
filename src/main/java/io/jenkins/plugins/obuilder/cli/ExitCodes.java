package io.jenkins.plugins.obuilder.cli;

/** What the command's exit status means; docs/events.md tells users. A signal n ends it with 128 + n. */
final class ExitCodes {
    static final int OK = 0;

    /** A build, or what else was asked for, failed. */
    static final int FAILED = 1;

    /** A mistake in the command line or the spec, a missing secret: nothing was run. */
    static final int USAGE = 2;

    /** A defect of this program. */
    static final int BUG = 70;

    /** Longer than --timeout, as timeout(1) says it. */
    static final int TIMEOUT = 124;

    /** Whoever read the output has gone, as a shell says it of SIGPIPE. */
    static final int OUTPUT_CLOSED = 141;

    /** Whoever asked for the build wants it no longer: as after TERM. */
    static final int STOPPED = 143;

    private ExitCodes() {}
}
