package io.jenkins.plugins.obuilder.host;

/** The permissions that new files do not get, of this process and of those that it starts. */
public final class Umask {
    /** Everybody may read, the owner alone may write. */
    private static final int USUAL = 0022;

    private Umask() {}

    /**
     * Makes it the usual one, whatever the caller's is. Tools make directories that end up in snapshots, and their modes must not hang on
     * who builds; files that are nobody else's business are made with modes of their own.
     */
    public static void makeUsual() {
        Posix.umask(USUAL);
    }
}
