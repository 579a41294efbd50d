package io.jenkins.plugins.obuilder.host;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The two kinds of system that builds run on: the one switch between their commands. Tests set {@link #PROPERTY} and {@link
 * #PATH_PROPERTY} to have the commands of macOS run on Linux, with stand-ins; nothing else may ask what system this is.
 */
public enum OperatingSystem {
    LINUX(List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")),
    /**
     * Nothing below {@code /usr/local} or {@code /opt/homebrew}, where builds put their own programs, but OpenZFS: its installer has no
     * other place.
     */
    MACOS(List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/opt/obuilder/bin", "/usr/local/zfs/bin"));

    /** {@code linux} or {@code macos}, whatever the JVM says. */
    public static final String PROPERTY = "obuilder.system";

    /** Directories, with colons between them, to look for programs in. */
    public static final String PATH_PROPERTY = "obuilder.path";

    private final List<Path> searchPath;

    OperatingSystem(List<String> searchPath) {
        this.searchPath = searchPath.stream().map(Path::of).toList();
    }

    /** The one this process runs on. */
    public static OperatingSystem current() {
        String told = System.getProperty(PROPERTY);
        if (told != null) {
            return valueOf(told.toUpperCase(java.util.Locale.ROOT));
        }
        return System.getProperty("os.name").startsWith("Mac") ? MACOS : LINUX;
    }

    public static boolean isMac() {
        return current() == MACOS;
    }

    /** Where programs are looked for, whatever our own environment says. */
    public List<Path> searchPath() {
        String told = System.getProperty(PATH_PROPERTY);
        return told == null
                ? searchPath
                : Arrays.stream(told.split(":")).map(Path::of).toList();
    }

    /** The user accounts of such a host. */
    public Accounts accounts(Commands commands) {
        return this == MACOS ? new MacAccounts(commands) : new LinuxAccounts(commands);
    }

    /** What runs as a user on such a host. */
    public UserProcesses processes(Commands commands) {
        return this == MACOS ? new MacUserProcesses(commands) : new LinuxUserProcesses(commands);
    }
}
