package io.jenkins.plugins.obuilder.benchmarks;

import io.jenkins.plugins.obuilder.engine.BaseIdentity;
import io.jenkins.plugins.obuilder.engine.BuildOptions;
import io.jenkins.plugins.obuilder.engine.BuildOutcome;
import io.jenkins.plugins.obuilder.engine.BuildRequest;
import io.jenkins.plugins.obuilder.engine.Builder;
import io.jenkins.plugins.obuilder.engine.TextEvents;
import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.image.DigestMemory;
import io.jenkins.plugins.obuilder.image.ImageSources;
import io.jenkins.plugins.obuilder.image.UnpackLimits;
import io.jenkins.plugins.obuilder.sandbox.RuncSandbox;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.SpecException;
import io.jenkins.plugins.obuilder.spec.SpecReader;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.Stores;
import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.Specs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A place to measure the engine in: an image {@code busybox}, a build context, stores, and the command {@code ./obuilder}. */
final class EngineBench {
    final Path directory;
    final Path context;
    private final String kind;
    private final List<String> options;
    private final Path base;
    private int stores;

    EngineBench(Path directory) throws IOException {
        this(directory, "overlayfs", List.of());
    }

    /** @param kind of the stores; the options are the command's */
    EngineBench(Path directory, String kind, List<String> options) throws IOException {
        this.directory = directory;
        this.kind = kind;
        this.options = options;
        base = BusyboxTree.make(directory.resolve("base"));
        context = Files.createDirectory(directory.resolve("context"));
    }

    /** What {@code --image} says. */
    String image() {
        return "busybox=dir:" + base;
    }

    /** A store with nothing in it but the base image. */
    Path newStore() throws Exception {
        Path store = directory.resolve("store" + ++stores);
        command(store, spec()).run();
        return store;
    }

    /** Writes a spec into a file. */
    Path write(String spec) throws IOException {
        return Files.write(Files.createTempFile(directory, "", ".spec"), Bytes.toBytes(spec));
    }

    /** A spec without nested builds. */
    static String spec(String... ops) {
        return Specs.spec(ops);
    }

    /** The command that builds a spec. */
    Command command(Path store, String spec, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("build", "-f", write(spec).toString(), "--store", kind + ":" + store, "--image", image()));
        arguments.addAll(options);
        arguments.addAll(List.of(more));
        arguments.add(context.toString());
        return new Command(arguments);
    }

    /** A JVM, this one, with the store open. */
    Jvm jvm(Path store) throws IOException {
        return new Jvm(store);
    }

    /** Removes what was measured; the time that takes is nobody's. */
    void remove(Path path) throws IOException {
        run("rm", "-rf", path.toString());
    }

    /**
     * A virtual machine gets its memory from the host when it is touched for the first time, and again after it was given back, which takes
     * ten times as long as writing a file into it: everybody shall find the same, enough that was touched just now.
     */
    void touchMemory(long bytes) throws IOException {
        run("sh", "-c", "head -c " + bytes + " /dev/zero > touched; rm touched");
    }

    /** How much memory a command's process has at most. */
    static String memory(Command command) throws Exception {
        return String.format(Locale.ROOT, "%.0f MB", command.peakMemory());
    }

    /** Runs a program that must succeed. */
    void run(String... argv) throws IOException {
        Tools.run(directory, argv);
    }

    /** The engine in this process. */
    final class Jvm implements AutoCloseable {
        private final SharedStore store;
        private final Sandbox sandbox;
        private final Builder builder;

        private Jvm(Path root) throws IOException {
            SystemCommands commands = new SystemCommands();
            store = Stores.open(kind + ":" + root, commands);
            sandbox = new RuncSandbox(commands, root.resolve("state").resolve("sandbox"), false, ResourceLimits.NONE);
            ImageSources images = ImageSources.of(
                    List.of(image()), DigestMemory.in(root.resolve("state").resolve("digests")), UnpackLimits.DEFAULT);
            builder = Builder.on(store, sandbox, images::open);
        }

        /** Builds a spec, which must succeed, and drops what is printed. */
        Sample.Work build(String text) throws SpecException {
            SpecReader.Result read = SpecReader.readWithSource(Bytes.toBytes(text), "benchmark.spec");
            BuildRequest request =
                    new BuildRequest(read.spec(), Optional.of(read.source()), context, Map.of(), BaseIdentity.CONTENT);
            return () -> {
                BuildOutcome outcome = builder.build(
                        request,
                        BuildOptions.defaults(),
                        new TextEvents(read.spec(), OutputStream.nullOutputStream(), false),
                        new Cancellation());
                if (outcome.status() != BuildOutcome.Status.SUCCEEDED) {
                    throw new IllegalStateException(outcome.message());
                }
            };
        }

        @Override
        public void close() throws IOException {
            try (store) {
                sandbox.close();
            }
        }
    }

    /** A call of {@code ./obuilder} whose output goes into a file. */
    final class Command implements Sample.Work {
        private final List<String> argv = new ArrayList<>();

        private Command(List<String> arguments) {
            argv.add(Path.of("obuilder").toAbsolutePath().toString());
            argv.addAll(arguments);
        }

        @Override
        public void run() throws Exception {
            Process process = start();
            end(process);
        }

        private Process start() throws IOException {
            ProcessBuilder builder = new ProcessBuilder(argv)
                    .redirectOutput(directory.resolve("out").toFile())
                    .redirectError(directory.resolve("err").toFile());
            Map<String, String> environment = builder.environment();
            environment.keySet().retainAll(List.of("PATH", "HOME", "JAVA_HOME"));
            return builder.start();
        }

        private void end(Process process) throws Exception {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(argv + " ended with " + process.exitValue() + ": "
                        + Files.readString(directory.resolve("err")));
            }
        }

        /** Runs it, and tells how much memory its process had at most, in MB. */
        double peakMemory() throws Exception {
            Process process = start();
            Path status = Path.of("/proc", Long.toString(process.pid()), "status");
            long most = 0;
            while (process.isAlive()) {
                most = Math.max(most, highWaterMark(status));
                Thread.sleep(2);
            }
            end(process);
            return most / 1e3;
        }

        /** In KB, as the kernel calls 1024 bytes; 0 when the process is gone. */
        private long highWaterMark(Path status) {
            try {
                return Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(0);
            } catch (IOException e) {
                // It ended between the two looks; what was seen before counts.
                return 0;
            }
        }
    }
}
