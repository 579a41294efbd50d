package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.Store;
import io.jenkins.plugins.obuilder.store.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What really building with the command takes: a spec, a build context, a store, and the options that stay the same. */
public final class Workbench {
    private static final Pattern NOTE = Pattern.compile("(?m)^---> (saved as|using) \"([0-9a-f]{64})\"( from cache)?$");

    private static final Pattern INCOMPLETE =
            Pattern.compile("(probe|new|format|reserve)\\d+(\\.tmp)?|.*\\.new.*", Pattern.DOTALL);

    public final Path directory;
    public final Path context;
    private final String store;
    private final List<Object> options = new ArrayList<>();
    private List<String> launcher = List.of();
    private final Shell shell = new Shell();

    /** @param store its kind: {@code overlayfs} or {@code rsync}; it lies below the directory */
    public Workbench(Path directory, String store) throws IOException {
        this(directory, store, directory.resolve("store of snapshots"));
    }

    /** The same with the store in another place. */
    public Workbench(Path directory, String store, Path root) throws IOException {
        this.directory = directory;
        this.store = store + ":" + root;
        context = Files.createDirectories(directory.resolve("context"));
    }

    /** The same store and options with another build context. */
    public Workbench(Workbench other, Path context) {
        directory = other.directory;
        store = other.store;
        options.addAll(other.options);
        this.context = context;
    }

    /** The same store and options with another build context. */
    Workbench inContext(Path other) {
        return new Workbench(this, other);
    }

    /** Options that all builds are to have. */
    public Workbench with(Object... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** A program, with its options, that is to start all builds that get a process of their own. */
    public Workbench startedBy(String... program) {
        launcher = List.of(program);
        return this;
    }

    /** Builds a spec, a byte string. Returns the exit status. */
    public int build(String spec, Object... more) throws IOException {
        return run("build", spec, more);
    }

    /** Builds a spec that must succeed. Returns what was printed, a byte string. */
    public String mustBuild(String spec, Object... more) throws IOException {
        int status = build(spec, more);
        assertThat(status).as(out() + err()).isZero();
        return out();
    }

    public int run(String command, String spec, Object... more) throws IOException {
        Path file = directory.resolve("a.spec");
        return shell.run(arguments(command, writeSpec(file, spec), more).toArray());
    }

    /** Runs a command line that has nothing of this bench. Returns the exit status. */
    public int command(Object... arguments) {
        return shell.run(arguments);
    }

    /** Writes a spec, a byte string, into a new file. */
    public Path writeSpec(String spec) throws IOException {
        return writeSpec(Files.createTempFile(directory, "process-", ".spec"), spec);
    }

    /** Starts a build in a process of its own. */
    public EngineProcess start(String spec, Object... more) throws IOException {
        return start(false, spec, more);
    }

    /** The same with its standard output in a pipe. */
    public EngineProcess startPiped(String spec, Object... more) throws IOException {
        return start(true, spec, more);
    }

    private EngineProcess start(boolean piped, String spec, Object... more) throws IOException {
        return EngineProcess.start(directory, launcher, piped, arguments("build", writeSpec(spec), more));
    }

    private List<Object> arguments(String command, Path spec, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(command, "-f", spec, "--store", store));
        arguments.addAll(options);
        arguments.addAll(List.of(more));
        arguments.add(context);
        return arguments;
    }

    private static Path writeSpec(Path file, String spec) throws IOException {
        return Files.write(file, Bytes.toBytes(spec));
    }

    /** What the last command printed, a byte string. */
    public String out() {
        return Bytes.of(shell.outBytes());
    }

    public String err() {
        return shell.err();
    }

    /** The ids that the last build told, in order. */
    public List<String> ids() {
        return NOTE.matcher(out()).results().map(note -> note.group(2)).toList();
    }

    /** The store's name. */
    public String name() {
        return store;
    }

    /** Where its snapshots are. */
    public Path store() {
        return Path.of(store.substring(store.indexOf(':') + 1));
    }

    /** Opens its store in this process. */
    public SharedStore open() throws IOException {
        return Stores.open(store, new SystemCommands());
    }

    /** How many of the last build's steps were there before. */
    public long hits() {
        return NOTE.matcher(out())
                .results()
                .filter(note -> note.group(3) != null)
                .count();
    }

    /** Looks at the result of the last build. */
    public void inspect(Inspection inspection) throws IOException {
        List<String> ids = ids();
        try (Store opened = open();
                Store.View view = opened.open(new SnapshotId(ids.get(ids.size() - 1)))) {
            inspection.look(view.rootfs());
        }
    }

    /** Looks at a tree. */
    @FunctionalInterface
    public interface Inspection {
        void look(Path rootfs) throws IOException;
    }

    /** What builds need while they run is gone: temporaries, locks, what sandboxes keep. */
    public void assertNothingTemporary() throws IOException {
        Path root = store();
        for (String name : List.of(
                "result-tmp",
                "in-progress",
                "merged",
                "work",
                "cache-tmp",
                "state/locks",
                "state/leases",
                "state/owners",
                "state/processes")) {
            if (Files.exists(root.resolve(name))) {
                assertThat(root.resolve(name)).isEmptyDirectory();
            }
        }
        assertNothingIncomplete(root.resolve("state"));
    }

    /** What files that are replaced whole are called before, and where it is tried whether a store can lie there. */
    private static void assertNothingIncomplete(Path state) throws IOException {
        if (Files.exists(state)) {
            try (Stream<Path> all = Files.walk(state)) {
                assertThat(all.map(path -> state.relativize(path).toString()))
                        .filteredOn(name -> INCOMPLETE.matcher(name).matches())
                        .isEmpty();
            }
        }
    }
}
