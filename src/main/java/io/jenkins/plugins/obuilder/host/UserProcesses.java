package io.jenkins.plugins.obuilder.host;

import java.util.List;

/** What runs as a user. Thread-safe. */
public interface UserProcesses {
    /** For how long killing is tried before a process counts as one that cannot be killed. */
    enum Patience {
        /** About ten seconds. The reference tries for ever, and a job beside it reboots the Mac. */
        USUAL,
        /** About a second: it has been tried before, in vain. */
        LITTLE
    }

    /** All that have this user's rights, but those that are dead and only wait to be reaped. */
    List<Processes.Info> of(int uid) throws HostException;

    /**
     * Kills all processes of a user, however fast they multiply, and waits for their end.
     *
     * @param name the account's, which may not exist
     * @throws HostException when some are there after that, with their names
     */
    void killAll(String name, int uid, Patience patience) throws HostException;
}
