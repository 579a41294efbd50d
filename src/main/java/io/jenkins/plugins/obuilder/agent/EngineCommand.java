package io.jenkins.plugins.obuilder.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jenkins.MasterToSlaveFileCallable;

/** How the engine's command is called on an agent: the one place that knows. */
final class EngineCommand {
    private static final int OLDEST_JAVA = 17;

    private EngineCommand() {}

    /** Who runs the engine. */
    enum Kind {
        /** The agent itself, which is root: with its own Java, and the jar that the plugin brings. */
        OWN
    }

    /**
     * The command, to which the arguments are added.
     *
     * @param jar the jar that the plugin has brought
     */
    static List<String> of(Kind kind, @CheckForNull String jar) throws AbortException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        if (!Files.isExecutable(java)) {
            throw new AbortException("obuilder: the agent's Java cannot be started: there is no " + java);
        }
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-jar", jar));
        return command;
    }

    /** Finds out, on the agent, how it can run the engine. */
    static final class Choose extends MasterToSlaveFileCallable<Kind> {
        private static final long serialVersionUID = 1L;

        @Override
        public Kind invoke(File directory, VirtualChannel channel) throws IOException {
            if (File.separatorChar != '/') {
                throw new AbortException("obuilder: this agent runs Windows; builds need Linux or macOS");
            }
            if (Runtime.version().feature() < OLDEST_JAVA) {
                throw new AbortException("obuilder: the agent runs on Java "
                        + Runtime.version().feature() + "; the engine needs Java " + OLDEST_JAVA
                        + " or newer: start the agent with that");
            }
            return Kind.OWN;
        }
    }
}
