package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The engine jar in a JVM of its own, to be watched, signalled and killed. Closing it kills what still runs. */
public final class EngineProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Process process;
    private final Path out;
    private final Path err;

    private EngineProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * Starts it.
     *
     * @param directory for what it prints, and {@code tmp} for its temporary files
     * @param launcher what starts it, given its command line; empty for nothing
     * @param piped whether its standard output is a pipe to {@link #process} rather than a file
     */
    static EngineProcess start(Path directory, List<String> launcher, boolean piped, List<Object> arguments)
            throws IOException {
        Path tmp = Files.createDirectories(directory.resolve("tmp"));
        Path out = Files.createTempFile(directory, "process-", ".out");
        Path err = Path.of(out.toString().replaceFirst("\\.out$", ".err"));
        // Whoever runs the tests may have chosen to ignore some signals, which is inherited.
        List<String> argv = new ArrayList<>(launcher);
        argv.addAll(List.of(
                "env",
                "--default-signal",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + tmp,
                "-jar",
                Checkout.here().top().resolve("target/obuilder-engine.jar").toString()));
        arguments.forEach(argument -> argv.add(argument.toString()));
        ProcessBuilder builder = new ProcessBuilder(argv).redirectError(err.toFile());
        if (!piped) {
            builder.redirectOutput(out.toFile());
        }
        return new EngineProcess(builder.start(), out, err);
    }

    public Process process() {
        return process;
    }

    /** What it has printed so far. */
    public String out() throws IOException {
        return Files.readString(out, StandardCharsets.ISO_8859_1);
    }

    public String err() throws IOException {
        return Files.readString(err);
    }

    private String soFar() {
        try {
            return out() + err();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has printed this. */
    public void awaitOutput(String text) {
        try {
            Awaitility.await()
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> !process.isAlive() || out().contains(text));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("it has not printed " + text + "; so far: " + soFar(), e);
        }
        String printed = soFar();
        if (!printed.contains(text)) {
            throw new AssertionError(
                    "it ended with " + process.exitValue() + " before it printed " + text + ":\n" + printed);
        }
    }

    /** Sends a signal, such as {@code INT}, to this process alone, if it still runs. */
    public void signal(String name) throws IOException {
        Tools.run(Path.of("/"), "sh", "-c", "kill -" + name + " " + process.pid() + " 2> /dev/null || true");
    }

    /** Kills it, and nothing that it has started. */
    public void kill() {
        process.destroyForcibly();
        Awaitility.await().atMost(LIMIT).until(() -> !process.isAlive());
    }

    /** Waits for its end. Returns its exit status. */
    public int join() {
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("it ends; so far: " + out() + err())
                    .isTrue();
        } catch (InterruptedException | IOException e) {
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
    }
}
