package io.jenkins.plugins.obuilder.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.slaves.WorkspaceList;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A build that the engine does on an agent, as its follower knows it: where its files are, and how much of its output has been passed on.
 * Survives a restart of the controller by being serialized, the position with it.
 */
public final class EngineProcess implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Of a step's environment the engine gets where its tools are, and what marks its processes as this build's. */
    private static final String[] PASSED_ON = {
        "PATH", "JENKINS_NODE_COOKIE", "JENKINS_SERVER_COOKIE", "HUDSON_SERVER_COOKIE", "BUILD_ID"
    };

    private final String control;
    private long position;

    private EngineProcess(String control) {
        this.control = control;
    }

    /**
     * Starts the engine.
     *
     * @param workspace on the agent; relative paths of the specification are below it
     * @throws AbortException when the specification is wrong or the agent cannot run the engine; the message is for the user
     */
    public static EngineProcess start(BuildSpecification specification, FilePath workspace, EnvVars environment)
            throws IOException, InterruptedException {
        specification.check();
        FilePath temporary = WorkspaceList.tempDir(workspace);
        if (temporary == null) {
            throw new AbortException(
                    "obuilder: there is no place for temporary files beside the workspace " + workspace.getRemote());
        }
        FilePath jar = EngineJar.deliverTo(enginesDirectory(workspace, temporary));
        FilePath control = temporary.child("obuilder-" + UUID.randomUUID());
        control.act(new StartEngine(specification, workspace.getRemote(), jar.getRemote(), passedOn(environment)));
        return new EngineProcess(control.getRemote());
    }

    /** Below the agent's own directory, so that its jobs share them; beside the workspace where there is no agent. */
    private static FilePath enginesDirectory(FilePath workspace, FilePath temporary) {
        Computer computer = workspace.toComputer();
        Node node = computer == null ? null : computer.getNode();
        FilePath root = node == null ? null : node.getRootPath();
        return (root == null ? temporary : root).child("obuilder");
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
     * Passes on the next piece of output, if there is one.
     *
     * @param workspace any file on the agent
     * @return what came of it; {@link Progress#ended} when there is nothing more to come
     */
    public Progress follow(FilePath workspace, OutputStream log) throws IOException, InterruptedException {
        ReadOutput.Piece piece = directory(workspace).act(new ReadOutput(position));
        log.write(piece.bytes());
        position += piece.bytes().length;
        return new Progress(piece.bytes().length > 0, piece.end());
    }

    /** Tells the engine to stop; it clears up first, so follow it to its end. */
    public void stop(FilePath workspace) throws IOException, InterruptedException {
        directory(workspace).act(new StopEngine());
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
        private final boolean output;
        private final @CheckForNull ReadOutput.End end;

        Progress(boolean output, @CheckForNull ReadOutput.End end) {
            this.output = output;
            this.end = end;
        }

        /** Whether there was output. */
        public boolean output() {
            return output;
        }

        public boolean ended() {
            return end != null;
        }

        /**
         * The result, at the end.
         *
         * @throws AbortException when the build failed; the message is for the user
         */
        public EngineResult result() throws AbortException {
            if (end == null) {
                throw new IllegalStateException("it has not ended");
            }
            return EngineResult.of(end);
        }
    }
}
