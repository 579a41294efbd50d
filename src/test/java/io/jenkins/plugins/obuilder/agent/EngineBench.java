package io.jenkins.plugins.obuilder.agent;

import static org.awaitility.Awaitility.await;

import hudson.EnvVars;
import hudson.FilePath;
import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** A workspace on an agent, a store and a base image: what following an engine takes. */
final class EngineBench {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    final Path top;
    final FilePath workspace;
    final List<String> options = new ArrayList<>();
    LogCollector log = new LogCollector();

    EngineBench(Path directory, SecondJvm agent) throws IOException {
        top = Files.createDirectories(directory.resolve("agent/work space/jöb"));
        workspace = agent.file(top);
        Path image = directory.resolve("image");
        if (!Files.exists(image)) {
            BusyboxTree.make(image);
        }
        // Nothing is prepared for the next engine: it would still be written when the test's files are removed.
        Files.createDirectories(Path.of(EngineCommand.prepared(
                EngineJar.place(agent.file(enginesDirectory())).getRemote())));
        options.add("--store=rsync:" + directory.resolve("store"));
        options.add("--sandbox=runc");
        options.add("--image=busybox=dir:" + image);
    }

    static String run(String command) {
        return run(command, "");
    }

    static String run(String command, String fields) {
        return "((from busybox) (shell /bin/sh -c) (run " + fields + " (shell \"" + command + "\")))";
    }

    static BuildSecrets secrets(String... idsAndValues) {
        Map<String, byte[]> values = new java.util.HashMap<>();
        for (int i = 0; i < idsAndValues.length; i += 2) {
            values.put(idsAndValues[i], idsAndValues[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return new BuildSecrets(values, List.of());
    }

    BuildSpecification text(String spec) {
        return new BuildSpecification(spec, null, null, options, List.of());
    }

    EngineProcess start(String spec) throws Exception {
        return start(text(spec), BuildSecrets.NONE);
    }

    EngineProcess start(BuildSpecification specification, BuildSecrets secrets) throws Exception {
        EngineProcess engine = EngineProcess.in(workspace);
        engine.start(specification, secrets, workspace, new EnvVars());
        return engine;
    }

    EngineProcess.Progress toTheEnd(EngineProcess engine) {
        return toTheEnd(engine, workspace);
    }

    EngineProcess.Progress toTheEnd(EngineProcess engine, FilePath anyFile) {
        Callable<EngineProcess.Progress> follow = () -> engine.follow(anyFile, log, 100);
        return await().atMost(LIMIT).pollInterval(Duration.ofMillis(1)).until(follow, EngineProcess.Progress::ended);
    }

    EngineResult build(String spec) throws Exception {
        return toTheEnd(start(spec)).result();
    }

    void untilItPrints(EngineProcess engine, String text) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(1)).until(() -> {
            engine.follow(workspace, log, 100);
            return log.output().contains(text);
        });
    }

    String output() {
        return log.output();
    }

    /** What a controller knows of it that was started again. */
    static EngineProcess afterARestart(EngineProcess engine) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(saved)) {
            out.writeObject(engine);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(saved.toByteArray()))) {
            return (EngineProcess) in.readObject();
        }
    }

    Path enginesDirectory() {
        return Path.of(top + "@tmp/obuilder");
    }

    List<Path> controlDirectories() throws IOException {
        return list(Path.of(top + "@tmp")).stream()
                .filter(path -> path.getFileName().toString().startsWith("obuilder-"))
                .toList();
    }

    static List<Path> list(Path where) throws IOException {
        try (var entries = Files.list(where)) {
            return entries.toList();
        }
    }

    /** The command lines of the machine's processes that hold this. */
    static List<String> processesWith(String text) {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(text))
                .toList();
    }
}
