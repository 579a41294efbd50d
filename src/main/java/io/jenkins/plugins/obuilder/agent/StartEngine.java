package io.jenkins.plugins.obuilder.agent;

import hudson.AbortException;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jenkins.MasterToSlaveFileCallable;

/**
 * Starts the engine on the agent, as a process that outlives agent and controller. Called on the control directory, which it makes. Called
 * again, by a controller that does not know whether the first call came through, it starts nothing.
 */
final class StartEngine extends MasterToSlaveFileCallable<Void> {
    private static final long serialVersionUID = 1L;

    private static final int PAUSE_MS = 50;
    private static final int PAUSES = 200;

    private final BuildSpecification specification;
    private final BuildSecrets secrets;
    private final String token;
    private final String workspace;
    private final String jar;
    private final TreeMap<String, String> environment;

    /**
     * Does nothing yet.
     *
     * @param environment what the engine gets besides the agent's own
     */
    StartEngine(
            BuildSpecification specification,
            BuildSecrets secrets,
            String token,
            String workspace,
            String jar,
            Map<String, String> environment) {
        this.specification = specification;
        this.secrets = secrets;
        this.token = token;
        this.workspace = workspace;
        this.jar = jar;
        this.environment = new TreeMap<>(environment);
    }

    @Override
    public Void invoke(File directory, VirtualChannel channel) throws IOException, InterruptedException {
        Path control = directory.toPath();
        Files.createDirectories(control.getParent());
        Files.createDirectories(Path.of(workspace));
        try {
            Files.createDirectory(
                    control, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            // A former call, which may not have come far.
        }
        try {
            Files.createFile(control.resolve(ControlFiles.CLAIM));
        } catch (FileAlreadyExistsException e) {
            waitForTheFirst(control);
            return null;
        }
        byte[] request = EngineRequest.of(token, spec(), secrets);
        Files.createFile(control.resolve(ControlFiles.LOG));
        start(control, request);
        return null;
    }

    private static void waitForTheFirst(Path control) throws IOException, InterruptedException {
        for (int pause = 0; pause < PAUSES; pause++) {
            if (Files.exists(control.resolve(ControlFiles.WRAPPER))) {
                return;
            }
            Thread.sleep(PAUSE_MS);
        }
        throw new AbortException(
                "obuilder: the agent was stopped while it started the engine: build again (its files are in " + control
                        + ")");
    }

    private byte[] spec() throws IOException {
        if (specification.spec() != null) {
            return specification.spec().getBytes(StandardCharsets.UTF_8);
        }
        Path file = Path.of(workspace).resolve(specification.specFile());
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new AbortException(
                    "obuilder: there is no file " + specification.specFile() + " in the workspace " + workspace);
        } catch (IOException e) {
            throw new AbortException("obuilder: cannot read the spec " + file + ": " + e);
        }
    }

    private void start(Path control, byte[] request) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script(), "obuilder", control.toString()));
        command.addAll(EngineCommand.of(jar));
        command.addAll(specification.arguments(System.getProperty("os.name").startsWith("Mac")));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File(workspace))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        // The engine takes the encoding of file names from the locale alone.
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process wrapper = builder.start();
        ControlFiles.replace(
                control.resolve(ControlFiles.WRAPPER),
                ProcessIdentity.of(wrapper.pid()).toString());
        try (OutputStream input = wrapper.getOutputStream()) {
            input.write(request);
        } catch (IOException e) {
            // It ended without reading it: its log and its exit status tell why.
            Files.writeString(control.resolve(ControlFiles.STOP), "");
        }
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
