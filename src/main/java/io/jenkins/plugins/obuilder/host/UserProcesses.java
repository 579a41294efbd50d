package io.jenkins.plugins.obuilder.host;

import java.util.List;

/** What runs as a user. Thread-safe. */
public interface UserProcesses {
    /** All that have this user's rights, but those that are dead and only wait to be reaped. */
    List<Processes.Info> of(int uid) throws HostException;

    /**
     * Kills all processes of a user, however fast they multiply, and waits for their end.
     *
     * @param name the account's, which may not exist
     * @throws HostException when some are there after a bounded number of rounds, with their names
     */
    void killAll(String name, int uid) throws HostException;
}
