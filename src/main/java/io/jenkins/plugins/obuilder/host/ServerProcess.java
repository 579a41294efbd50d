package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;

/** What a process that is to serve for long does at its start. On Darwin it keeps the rights and limits that it has. */
public final class ServerProcess {
    private static final int CAPABILITY_VERSION = 0x20080522;
    private static final int CAP_DAC_READ_SEARCH = 2;
    private static final int CAP_SETGID = 6;
    private static final int CAP_SETUID = 7;
    private static final int RLIMIT_NOFILE = 7;
    private static final long[] FILES = {1 << 20, 1 << 19, 1 << 18, 1 << 16};

    private ServerProcess() {}

    /** Leaves the terminal and the session it was started from, so that their end does not end it. */
    public static void leaveSession() throws HostException {
        if (!Kernel.isLinux()) {
            DarwinLibC.setsid();
            return;
        }
        try {
            LinuxCalls.setsid();
        } catch (LastErrorException e) {
            // Whoever leads a group of processes has been put there on purpose: by a shell, or by setsid(1).
            if (e.getErrorCode() != Errno.EPERM) {
                throw new HostException("cannot leave the session: " + Posix.describe(e), e);
            }
        }
    }

    /** Has no other groups' rights from now on, and gives new files exactly the permissions that it says. */
    public static void dropGroupsAndUmask() throws HostException {
        Posix.umask(0);
        if (!Kernel.isLinux()) {
            return;
        }
        try {
            LinuxCalls.setgroups(0, null);
        } catch (LastErrorException e) {
            throw new HostException("cannot give up other groups' rights: " + Posix.describe(e), e);
        }
    }

    /**
     * Leaves the calling thread of root's rights those alone that it takes to act as another user and to look where that user may not:
     * what it does for a user is bound by that user's quota, too, and by what is kept back for root on a full disk.
     */
    public static void keepRightsToActAsUsers() throws HostException {
        if (!Kernel.isLinux()) {
            return;
        }
        int rights = 1 << CAP_DAC_READ_SEARCH | 1 << CAP_SETGID | 1 << CAP_SETUID;
        try {
            LinuxCalls.capset(new int[] {CAPABILITY_VERSION, 0}, new int[] {rights, rights, 0, 0, 0, 0});
        } catch (LastErrorException e) {
            throw new HostException("cannot give up root's rights: " + Posix.describe(e), e);
        }
    }

    /** Allows it as many open files as the system lets it: up to a million. Returns how many. */
    public static long allowManyFiles() throws HostException {
        if (!Kernel.isLinux()) {
            return 0;
        }
        for (long files : FILES) {
            try {
                LinuxCalls.setrlimit(RLIMIT_NOFILE, new long[] {files, files});
                return files;
            } catch (LastErrorException e) {
                if (e.getErrorCode() != Errno.EPERM) {
                    throw new HostException("cannot raise the limit of open files: " + Posix.describe(e), e);
                }
            }
        }
        return 0;
    }
}
