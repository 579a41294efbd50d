package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;

/** Calls that are the same wherever builds run: their arguments are integers as wide as a register, and they have no constants. */
final class Posix {
    static {
        NativeCode.bind(Posix.class);
    }

    private Posix() {}

    /** A negative pid means the process group; signal 0 only asks whether it is there. */
    static native int kill(int pid, int signal) throws LastErrorException;

    /** Returns the one there was; cannot fail. */
    static native int umask(int mask);

    /** Cannot fail. */
    static native int geteuid();

    static native String strerror(int error);

    /** What the system says about a failed call. */
    static String describe(LastErrorException e) {
        return strerror(e.getErrorCode());
    }
}
