package io.jenkins.plugins.obuilder.agent;

import hudson.AbortException;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jenkins.MasterToSlaveFileCallable;

/**
 * How the engine's command is called on an agent: with the agent's own Java, from the jar that the plugin brings, as the agent's user. How it
 * comes by the rights of root is its own affair.
 */
final class EngineCommand {
    private static final int OLDEST_JAVA = 17;

    private EngineCommand() {}

    /** What run-engine.sh takes before the arguments of the engine's command. */
    static List<String> of(String jar) throws AbortException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        if (!Files.isExecutable(java)) {
            throw new AbortException("obuilder: the agent's Java cannot be started: there is no " + java);
        }
        return List.of(prepared(jar), java.toString(), jar);
    }

    /** Where the engine keeps what lets it start faster: beside the jar, and of one Java. */
    static String prepared(String jar) {
        return jar.replaceFirst("\\.jar$", "") + "-java-"
                + Runtime.version().toString().replaceAll("[^0-9A-Za-z.+-]", "_");
    }

    /**
     * Whether an engine can run on a machine.
     *
     * @throws AbortException when it cannot; the message is for the user
     */
    static void check(char separator, int java) throws AbortException {
        if (separator != '/') {
            throw new AbortException("obuilder: this agent runs Windows; builds need Linux or macOS");
        }
        if (java < OLDEST_JAVA) {
            throw new AbortException("obuilder: the agent runs on Java " + java + "; the engine needs Java "
                    + OLDEST_JAVA + " or newer: start the agent with that");
        }
    }

    /** Finds it out on the agent, before anything is brought there. */
    static final class Check extends MasterToSlaveFileCallable<Void> {
        private static final long serialVersionUID = 1L;

        @Override
        public Void invoke(File directory, VirtualChannel channel) throws IOException {
            check(File.separatorChar, Runtime.version().feature());
            return null;
        }
    }
}
