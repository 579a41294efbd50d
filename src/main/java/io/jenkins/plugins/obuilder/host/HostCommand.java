package io.jenkins.plugins.obuilder.host;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A command for the operating system: an argument list, never a shell string. Immutable; the {@code with…}-like methods give a changed
 * copy. It gets nothing of this process' environment: only {@code PATH} and {@code LC_ALL=C} are set, and what {@link #env} adds.
 */
public final class HostCommand {
    /** How long a command may take when nothing else is said. */
    public static final Duration DEFAULT_LIMIT = Duration.ofMinutes(2);

    private final String doing;
    private final List<String> argv;
    private Path directory = Path.of("/");
    private Map<String, String> env = Map.of();
    private byte[] input = {};
    private Duration limit = DEFAULT_LIMIT;
    private Cancellation cancellation;
    private OutputStream sink;
    private boolean errorsApart;
    private boolean bareEnvironment;
    private AfterExit afterExit = () -> {};

    private HostCommand(String doing, List<String> argv) {
        this.doing = Objects.requireNonNull(doing);
        this.argv = List.copyOf(argv);
    }

    private HostCommand(HostCommand other, List<String> argv) {
        this(other.doing, argv);
        directory = other.directory;
        env = other.env;
        input = other.input;
        limit = other.limit;
        cancellation = other.cancellation;
        sink = other.sink;
        errorsApart = other.errorsApart;
        bareEnvironment = other.bareEnvironment;
        afterExit = other.afterExit;
    }

    /**
     * A command of ordinary text (encoded as UTF-8).
     *
     * @param doing what this is for, to stand after "cannot": {@code "clone the dataset tank/base"}
     * @param argv the program (looked up in the fixed path, or absolute) and its arguments
     */
    public static HostCommand of(String doing, String... argv) {
        return new HostCommand(doing, List.of()).args(argv);
    }

    /** Adds arguments of ordinary text. */
    public HostCommand args(String... text) {
        HostCommand copy = this;
        for (String argument : text) {
            copy = copy.byteArg(Bytes.ofText(argument));
        }
        return copy;
    }

    /** Adds a path. */
    public HostCommand arg(Path path) {
        return byteArg(Bytes.ofText(path.toString()));
    }

    /** Adds an argument that is a byte string. */
    public HostCommand byteArg(String byteString) {
        if (byteString.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL byte in an argument, to " + doing);
        }
        List<String> longer = new ArrayList<>(argv);
        longer.add(byteString);
        return new HostCommand(this, longer);
    }

    /** Runs it as the last arguments of another program, such as {@code setsid}. */
    public HostCommand behind(List<String> program) {
        List<String> longer = new ArrayList<>();
        program.forEach(argument -> longer.add(Bytes.ofText(argument)));
        longer.addAll(argv);
        return new HostCommand(this, longer);
    }

    /** Runs it there; by default in {@code /}. */
    public HostCommand in(Path where) {
        HostCommand copy = new HostCommand(this, argv);
        copy.directory = where;
        return copy;
    }

    /** Sets a variable; both are byte strings. */
    public HostCommand env(String name, String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "no environment variable can be called \"" + name + "\" or have that value");
        }
        HostCommand copy = new HostCommand(this, argv);
        copy.env = new LinkedHashMap<>(env);
        copy.env.put(name, value);
        return copy;
    }

    /** Gives it no {@code PATH} and {@code LC_ALL} of ours, but only what {@link #env} says: for a user's own command. */
    public HostCommand bareEnvironment() {
        HostCommand copy = new HostCommand(this, argv);
        copy.bareEnvironment = true;
        return copy;
    }

    /** Gives it this on its standard input, then the end of the file; by default nothing. */
    public HostCommand input(byte[] bytes) {
        HostCommand copy = new HostCommand(this, argv);
        copy.input = bytes.clone();
        return copy;
    }

    /** Kills it, and all that it started in its session, when it takes longer. By default {@link #DEFAULT_LIMIT}. */
    public HostCommand within(Duration time) {
        HostCommand copy = new HostCommand(this, argv);
        copy.limit = Objects.requireNonNull(time);
        return copy;
    }

    /** Lets it be killed by a cancellation. */
    public HostCommand cancelledBy(Cancellation who) {
        HostCommand copy = new HostCommand(this, argv);
        copy.cancellation = who;
        return copy;
    }

    /** For a user's own command, which may take as long as nobody cancels it. */
    public HostCommand untilCancelled(Cancellation who) {
        HostCommand copy = cancelledBy(Objects.requireNonNull(who));
        copy.limit = null;
        return copy;
    }

    /** Sends both output streams, as they come, to {@code where} instead of keeping them for the result. */
    public HostCommand streamTo(OutputStream where) {
        HostCommand copy = new HostCommand(this, argv);
        copy.sink = where;
        return copy;
    }

    /** The same with its standard output alone; what it says on standard error is kept for the result. */
    public HostCommand streamOutputTo(OutputStream where) {
        HostCommand copy = streamTo(where);
        copy.errorsApart = true;
        return copy;
    }

    /** Does something when it has exited and before the end of its output is waited for: whoever holds its pipe must be ended here. */
    public HostCommand afterExit(AfterExit action) {
        HostCommand copy = new HostCommand(this, argv);
        copy.afterExit = action;
        return copy;
    }

    public String doing() {
        return doing;
    }

    /** The program and its arguments, as byte strings. */
    public List<String> argv() {
        return argv;
    }

    /** The program and its arguments as text, for people and for tests. */
    public List<String> argvText() {
        return argv.stream().map(Bytes::toText).toList();
    }

    public Path directory() {
        return directory;
    }

    /** The variables added, as byte strings. */
    public Map<String, String> env() {
        return env;
    }

    /** Whether it gets no variables but {@link #env()}. */
    public boolean hasBareEnvironment() {
        return bareEnvironment;
    }

    public byte[] input() {
        return input.clone();
    }

    /** Empty: until cancelled. */
    public Optional<Duration> limit() {
        return Optional.ofNullable(limit);
    }

    public Optional<Cancellation> cancellation() {
        return Optional.ofNullable(cancellation);
    }

    /** Where the output goes; empty: into the result. */
    public Optional<OutputStream> sink() {
        return Optional.ofNullable(sink);
    }

    /** Whether its standard error goes where its standard output does. */
    boolean mergesErrors() {
        return sink != null && !errorsApart;
    }

    public AfterExit afterExit() {
        return afterExit;
    }

    /** The command line as one would type it, for messages. */
    @Override
    public String toString() {
        return argvText().stream().map(HostCommand::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String argument) {
        return argument.matches("[A-Za-z0-9_@%+=:,./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    /** What to do between a command's exit and the end of its output. */
    @FunctionalInterface
    public interface AfterExit {
        void run() throws HostException;
    }
}
