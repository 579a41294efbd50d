package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.LinuxLeftovers;
import java.io.IOException;

/** What an account leaves that had no namespaces of its own: in the places that it shared with everybody, and ours when a build crashed. */
record LinkedAftermath(Commands commands, UserSettings settings) implements Aftermath {
    /** Tells that a step had none. */
    static final String TRACE = "no-namespaces";

    @Override
    public void clear(String name, int uid, Traces traces) throws IOException {
        if (!traces.of(TRACE).isEmpty()) {
            LinkedHome.removeLeft(settings, uid);
            new LinuxLeftovers(commands).remove(uid);
        }
    }
}
