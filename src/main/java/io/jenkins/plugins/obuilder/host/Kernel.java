package io.jenkins.plugins.obuilder.host;

import java.util.Locale;

/**
 * The kernel below this process, whatever its user land: the one switch between native calls. In an emulated Mac the commands are those of
 * macOS ({@link OperatingSystem}) and the kernel is Linux.
 */
enum Kernel {
    LINUX,
    DARWIN;

    /** {@code linux} or {@code darwin}, whatever the JVM says: for tests. */
    static final String PROPERTY = "obuilder.kernel";

    private static final Kernel CURRENT = find();

    private static Kernel find() {
        String told = System.getProperty(PROPERTY);
        return told == null ? of(System.getProperty("os.name")) : valueOf(told.toUpperCase(Locale.ROOT));
    }

    static Kernel of(String osName) {
        return osName.startsWith("Mac") ? DARWIN : LINUX;
    }

    static Kernel current() {
        return CURRENT;
    }

    static boolean isLinux() {
        return CURRENT == LINUX;
    }

    /**
     * To be asked before a class with calls that Linux alone has is touched.
     *
     * @param what it takes Linux for
     */
    static void requireLinux(String what) throws HostException {
        if (!isLinux()) {
            throw new HostException(what + " are there on Linux alone");
        }
    }
}
