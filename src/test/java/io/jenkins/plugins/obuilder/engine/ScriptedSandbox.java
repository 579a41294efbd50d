package io.jenkins.plugins.obuilder.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.Op;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A sandbox for tests of the engine's rules: says each command, and does what the test wants done instead of it. */
final class ScriptedSandbox implements Sandbox {
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    final List<Command> commands = new CopyOnWriteArrayList<>();

    /** What is done instead of a command. */
    @FunctionalInterface
    interface Script {
        int run(Command command, Path rootfs, OutputStream log, Cancellation cancellation) throws IOException;
    }

    /** Does this for the command; by default a command prints itself and succeeds. */
    ScriptedSandbox on(String command, Script script) {
        scripts.put(command, script);
        return this;
    }

    /** How often the command was run. */
    long times(String command) {
        return commands.stream().filter(run -> last(run).equals(command)).count();
    }

    private static String last(Command command) {
        return command.argv().get(command.argv().size() - 1);
    }

    @Override
    public int run(Command command, Path rootfs, OutputStream log, Cancellation cancellation) throws IOException {
        commands.add(command);
        Script script = scripts.get(last(command));
        if (script != null) {
            return script.run(command, rootfs, log, cancellation);
        }
        log.write((last(command) + "\n").getBytes(UTF_8));
        return 0;
    }

    @Override
    public String kind() {
        return "scripted";
    }

    @Override
    public Optional<String> whyUnsupported() {
        return Optional.empty();
    }

    @Override
    public List<String> sweep() {
        return List.of();
    }

    @Override
    public void close() {}

    @Override
    public void adopt(Path rootfs) {}

    @Override
    public CopyTarget copyTarget(String absolutePath, Op.User.Ids user) {
        return new CopyTarget(absolutePath.substring(1), user.uid(), user.gid());
    }
}
