package io.jenkins.plugins.obuilder.host;

/** The user whose rights this process has. */
public final class ProcessUser {
    private ProcessUser() {}

    public static int uid() {
        return Posix.geteuid();
    }

    public static boolean isRoot() {
        return uid() == 0;
    }

    /** For messages. */
    public static String name() {
        return System.getProperty("user.name");
    }
}
