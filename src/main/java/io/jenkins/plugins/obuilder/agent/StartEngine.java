package io.jenkins.plugins.obuilder.agent;

import hudson.AbortException;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jenkins.MasterToSlaveFileCallable;

/** Starts the engine on the agent, as a process that outlives agent and controller. Called on the control directory, which it makes. */
final class StartEngine extends MasterToSlaveFileCallable<Void> {
    private static final long serialVersionUID = 1L;
    private static final int OLDEST_JAVA = 17;

    private final BuildSpecification specification;
    private final String workspace;
    private final String jar;
    private final TreeMap<String, String> environment;

    /**
     * Does nothing yet.
     *
     * @param environment what the engine gets besides the agent's own
     */
    StartEngine(BuildSpecification specification, String workspace, String jar, Map<String, String> environment) {
        this.specification = specification;
        this.workspace = workspace;
        this.jar = jar;
        this.environment = new TreeMap<>(environment);
    }

    @Override
    public Void invoke(File directory, VirtualChannel channel) throws IOException {
        if (File.separatorChar != '/') {
            throw new AbortException("obuilder: this agent runs Windows; builds need Linux or macOS");
        }
        if (Runtime.version().feature() < OLDEST_JAVA) {
            throw new AbortException(
                    "obuilder: the agent runs on Java " + Runtime.version().feature() + "; the engine needs Java "
                            + OLDEST_JAVA + " or newer: start the agent with that");
        }
        Path control = Files.createDirectories(directory.toPath());
        Files.createDirectories(Path.of(workspace));
        Files.writeString(
                control.resolve(ControlFiles.INPUT), specification.spec() == null ? "" : specification.spec());
        Files.createFile(control.resolve(ControlFiles.LOG));

        ProcessBuilder builder = new ProcessBuilder(command(control))
                .directory(new File(workspace))
                .redirectInput(control.resolve(ControlFiles.INPUT).toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        // The engine takes the encoding of file names from the locale alone.
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process wrapper = builder.start();
        ControlFiles.replace(
                control.resolve(ControlFiles.WRAPPER),
                ProcessIdentity.of(wrapper.toHandle()).toString());
        return null;
    }

    private List<String> command(Path control) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script(), "obuilder", control.toString()));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-jar", jar));
        command.addAll(
                specification.arguments(control.resolve(ControlFiles.RESULT).toString()));
        return command;
    }

    private static String script() throws IOException {
        try (InputStream script = StartEngine.class.getResourceAsStream("run-engine.sh")) {
            if (script == null) {
                throw new IOException("run-engine.sh is missing in the plugin; install the plugin anew");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
