package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;

/** Signals to processes and their groups. */
final class ProcessGroups {
    private static final int KILL = 9;

    private ProcessGroups() {}

    /** Sends the signal to every process of the group; does nothing when there is no such group. */
    static void signal(long group, int signal) {
        if (group <= 1) {
            throw new IllegalArgumentException("not a process group: " + group);
        }
        try {
            Posix.kill((int) -group, signal);
        } catch (LastErrorException e) {
            // ESRCH: nobody is left, which is what a signal to a group is sent for.
            return;
        }
    }

    /** Kills one process; does nothing when it has gone. */
    static void kill(long pid) {
        if (pid <= 1) {
            throw new IllegalArgumentException("not a process to kill: " + pid);
        }
        try {
            Posix.kill((int) pid, KILL);
        } catch (LastErrorException e) {
            // ESRCH: it has ended by itself.
            return;
        }
    }
}
