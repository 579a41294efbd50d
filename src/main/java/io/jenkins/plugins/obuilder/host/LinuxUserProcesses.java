package io.jenkins.plugins.obuilder.host;

import java.util.List;

/** As {@code /proc} shows them. */
record LinuxUserProcesses(Commands commands) implements UserProcesses {
    @Override
    public List<Processes.Info> of(int uid) throws HostException {
        return Processes.ofUser(uid);
    }

    @Override
    public void killAll(String name, int uid, Patience patience) throws HostException {
        Processes.killUser(commands, uid, patience);
    }
}
