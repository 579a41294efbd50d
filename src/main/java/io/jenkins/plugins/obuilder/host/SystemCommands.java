package io.jenkins.plugins.obuilder.host;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Really runs commands. Each gets a session of its own, so that all it started can be killed with it. Commands inherit this process'
 * umask, which Java cannot change: the launcher scripts set 022 before they start Java.
 */
public final class SystemCommands implements Commands {
    /** Bytes of standard output that are kept for a result; a command that writes more fails. */
    public static final int OUTPUT_CAP = 64 << 20;

    private final List<Path> path;
    private final Map<String, Path> found = new ConcurrentHashMap<>();

    public SystemCommands() {
        this(OperatingSystem.current().searchPath());
    }

    /** With another search path, for tests and for hosts that keep their tools elsewhere. */
    public SystemCommands(List<Path> path) {
        this.path = List.copyOf(path);
    }

    @Override
    public Optional<Path> find(String program) {
        Path known = found.get(program);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Path> there = path.stream()
                .map(directory -> directory.resolve(program))
                .filter(candidate -> Files.isRegularFile(candidate) && Files.isExecutable(candidate))
                .findFirst();
        there.ifPresent(where -> found.put(program, where));
        return there;
    }

    @Override
    public CommandResult execute(HostCommand command) throws HostException {
        Optional<String> cancelled = command.cancellation().flatMap(Cancellation::reason);
        if (cancelled.isPresent()) {
            throw new CommandCancelledException(command, cancelled.get());
        }
        long start = System.nanoTime();
        String ending = "not ended by itself";
        try {
            CommandResult result = new RunningCommand(command, start(command, false)).finish();
            ending = result.ending();
            return result;
        } finally {
            CommandLog.add(command, ending, (System.nanoTime() - start) / 1_000_000);
        }
    }

    /** @param talk whether its standard input stays open, and it stays in our session */
    Process start(HostCommand command, boolean talk) throws HostException {
        ProcessBuilder builder = new ProcessBuilder(argv(command, !talk))
                .directory(command.directory().toFile());
        builder.environment().clear();
        if (!command.hasBareEnvironment()) {
            builder.environment()
                    .put(
                            "PATH",
                            String.join(":", path.stream().map(Path::toString).toList()));
            builder.environment().put("LC_ALL", "C");
        }
        command.env().forEach((name, value) -> {
            if (ByteArguments.isPlain(name) && ByteArguments.isPlain(value)) {
                builder.environment().put(Bytes.toText(name), Bytes.toText(value));
            }
        });
        builder.redirectErrorStream(command.mergesErrors());
        if (command.input().length == 0 && !talk) {
            builder.redirectInput(new File("/dev/null"));
        }
        try {
            return UsualSignals.start(builder);
        } catch (IOException e) {
            throw new HostException(
                    "cannot " + command.doing() + ": cannot start " + command + ": " + e.getMessage(), e);
        }
    }

    /** Absolute, with variables that Java cannot express set by {@code env}, and in a new session where there is {@code setsid}. */
    private List<String> argv(HostCommand command, boolean ownSession) throws HostException {
        List<String> argv = new ArrayList<>();
        if (ownSession) {
            find("setsid").ifPresent(setsid -> argv.add(Bytes.ofText(setsid.toString())));
        }
        List<String> odd = command.env().entrySet().stream()
                .filter(v -> !ByteArguments.isPlain(v.getKey()) || !ByteArguments.isPlain(v.getValue()))
                .map(v -> v.getKey() + "=" + v.getValue())
                .toList();
        if (!odd.isEmpty()) {
            argv.add("/usr/bin/env");
            argv.addAll(odd);
        }
        argv.add(program(command));
        argv.addAll(command.argv().subList(1, command.argv().size()));
        return ByteArguments.encode(argv);
    }

    private String program(HostCommand command) throws HostException {
        String name = command.argv().get(0);
        if (name.indexOf('/') >= 0) {
            if (!Files.isExecutable(Path.of(Bytes.toText(name)))) {
                throw new HostException("cannot " + command.doing() + ": there is no program " + Bytes.toText(name));
            }
            return name;
        }
        Path where = find(Bytes.toText(name))
                .orElseThrow(() -> new HostException("cannot " + command.doing() + ": " + Bytes.toText(name)
                        + " is not installed (looked in " + path + "); install it"));
        return Bytes.ofText(where.toString());
    }
}
