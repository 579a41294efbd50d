package io.jenkins.plugins.obuilder;

import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;

/** An agent that is not connected, and how long it is waited for: less long when it does not exist any more. */
final class LostAgent {
    private static final long REMOVED_MINUTES = 5;

    private final String node;
    private final long since = System.nanoTime();

    LostAgent(String node) {
        this.node = node;
    }

    boolean isGivenUp() {
        return minutes() >= patience();
    }

    private long minutes() {
        return TimeUnit.NANOSECONDS.toMinutes(System.nanoTime() - since);
    }

    private boolean isRemoved() {
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        return jenkins != null && !node.isEmpty() && jenkins.getNode(node) == null;
    }

    private long patience() {
        long configured = ObuilderConfiguration.get().getLostAgentMinutes();
        return isRemoved() ? Math.min(REMOVED_MINUTES, configured) : configured;
    }

    String message() {
        return "the agent " + node + (isRemoved() ? " was removed" : " has not come back") + " for " + patience()
                + " minutes. The build may still run there; it is told to stop when the agent connects again";
    }
}
