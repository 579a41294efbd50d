package io.jenkins.plugins.obuilder.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.slaves.WorkspaceList;
import java.io.IOException;
import java.io.Serializable;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A build that the engine does on an agent, as its follower knows it: where its files are, and how much of its log has been passed on.
 * Survives a restart of the controller by being serialized. Not thread-safe, but for {@link #stop}.
 */
@SuppressFBWarnings(
        value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
        justification = "what is transient is a piece that was asked for, or is made when needed")
public final class EngineProcess implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Of a step's environment the engine gets where its tools are, and what marks its processes as this build's. */
    private static final String[] PASSED_ON = {
        "PATH", "JENKINS_NODE_COOKIE", "JENKINS_SERVER_COOKIE", "HUDSON_SERVER_COOKIE", "BUILD_ID"
    };

    private static final int TOKEN_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String control;
    private final String token;
    private long position;

    private transient LogReader reader;

    private EngineProcess(String control, String token) {
        this.control = control;
        this.token = token;
    }

    /**
     * An engine that is not started yet.
     *
     * @param workspace on the agent
     */
    public static EngineProcess in(FilePath workspace) throws AbortException {
        FilePath temporary = WorkspaceList.tempDir(workspace);
        if (temporary == null) {
            throw new AbortException(
                    "obuilder: there is no place for temporary files beside the workspace " + workspace.getRemote());
        }
        byte[] token = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(token);
        return new EngineProcess(
                temporary.child("obuilder-" + UUID.randomUUID()).getRemote(),
                HexFormat.of().formatHex(token));
    }

    /**
     * Starts it, unless it was started before.
     *
     * @param workspace on the agent; relative paths of the specification are below it
     * @throws AbortException when the specification is wrong or the agent cannot run the engine; the message is for the user
     */
    public void start(BuildSpecification specification, BuildSecrets secrets, FilePath workspace, EnvVars environment)
            throws IOException, InterruptedException {
        specification.check();
        FilePath directory = directory(workspace);
        directory.act(new EngineCommand.Check());
        String jar = EngineJar.deliverTo(enginesDirectory(workspace)).getRemote();
        directory.act(
                new StartEngine(specification, secrets, token, workspace.getRemote(), jar, passedOn(environment)));
    }

    /** Below the agent's own directory, so that its jobs share them; beside the workspace where there is no agent. */
    private static FilePath enginesDirectory(FilePath workspace) {
        Computer computer = workspace.toComputer();
        Node node = computer == null ? null : computer.getNode();
        FilePath root = node == null ? null : node.getRootPath();
        return (root == null ? WorkspaceList.tempDir(workspace) : root).child("obuilder");
    }

    private static Map<String, String> passedOn(EnvVars environment) {
        Map<String, String> passedOn = new TreeMap<>();
        for (String name : PASSED_ON) {
            if (environment.containsKey(name)) {
                passedOn.put(name, environment.get(name));
            }
        }
        return passedOn;
    }

    /**
     * Passes on the next piece of the log, if there is one.
     *
     * @param workspace any file on the agent
     * @param waitMs how long to wait, on the agent, for something to tell
     * @return what came of it; {@link Progress#ended} when there is nothing more to come
     */
    public Progress follow(FilePath workspace, LogReceiver log, int waitMs) throws IOException, InterruptedException {
        if (reader == null) {
            reader = new LogReader(token, position);
        }
        LogReader.Read read = reader.read(directory(workspace), log, waitMs);
        position = reader.position();
        return new Progress(read, control);
    }

    /** How many bytes of the log have been passed on. */
    public long position() {
        return position;
    }

    /** A position that is better known than this: it was saved with each piece. */
    public void resumeAt(long saved) {
        position = Math.max(position, saved);
        reader = null;
    }

    /** Names it among all engines. */
    public String name() {
        return control.substring(control.lastIndexOf("obuilder-"));
    }

    /** Its control directory on the agent. */
    public String control() {
        return control;
    }

    /** Tells the engine to stop; it clears up first, so follow it to its end. */
    public void stop(FilePath workspace) throws IOException, InterruptedException {
        stop(workspace, control);
    }

    /** Tells an engine to stop that nobody follows any more. */
    public static void stop(FilePath anyFile, String control) throws IOException, InterruptedException {
        new FilePath(anyFile.getChannel(), control).act(new StopEngine());
    }

    /** Removes its files from the agent, after its end. */
    public void cleanUp(FilePath workspace) throws IOException, InterruptedException {
        directory(workspace).deleteRecursive();
    }

    private FilePath directory(FilePath workspace) {
        return new FilePath(workspace.getChannel(), control);
    }

    @Override
    public String toString() {
        return "the engine with its files in " + control + ", followed up to byte " + position;
    }

    /** What following came to. */
    public static final class Progress {
        private final LogReader.Read read;
        private final String control;

        Progress(LogReader.Read read, String control) {
            this.read = read;
            this.control = control;
        }

        /** Whether there was something to pass on. */
        public boolean output() {
            return read.output();
        }

        public boolean ended() {
            return read.end() != null;
        }

        /**
         * The result, at the end.
         *
         * @throws AbortException when the build failed; the message is for the user
         */
        public EngineResult result() throws AbortException {
            @CheckForNull LogPiece.End end = read.end();
            if (end == null) {
                throw new IllegalStateException("it has not ended");
            }
            return EngineResult.of(end, read.last(), control);
        }
    }
}
