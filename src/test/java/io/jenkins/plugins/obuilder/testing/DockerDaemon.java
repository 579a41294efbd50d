package io.jenkins.plugins.obuilder.testing;

import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.host.Mounts;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Debian's docker daemon on a socket of its own, with nothing in it: needs {@link Need#DOCKERD}. Closing it ends it. */
public final class DockerDaemon implements Closeable {
    private final Path directory;
    private final Process process;

    private DockerDaemon(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /** Starts it, and waits until it answers. */
    public static DockerDaemon start(Path directory) throws IOException {
        Files.createDirectories(directory);
        Process process = new ProcessBuilder(
                        "dockerd",
                        "--iptables=false",
                        "--ip6tables=false",
                        "--bridge=none",
                        "--data-root=" + directory.resolve("data"),
                        "--exec-root=" + directory.resolve("exec"),
                        "--pidfile=" + directory.resolve("pid"),
                        "--host=unix://" + directory.resolve("socket"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        DockerDaemon daemon = new DockerDaemon(directory, process);
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("dockerd has ended: " + Files.readString(directory.resolve("log")));
            }
            return daemon.execute("version") == 0;
        });
        return daemon;
    }

    /** What the client's environment must say to reach it. */
    public Map<String, String> environment() {
        return Map.of("DOCKER_HOST", "unix://" + directory.resolve("socket"), "HOME", directory.toString());
    }

    private Process client(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("docker");
        builder.command().addAll(List.of(arguments));
        builder.environment().putAll(environment());
        return builder.redirectErrorStream(true).start();
    }

    private int execute(String... arguments) throws IOException, InterruptedException {
        Process client = client(arguments);
        client.getInputStream().readAllBytes();
        return client.waitFor();
    }

    /** Runs {@code docker} with these arguments, which must succeed; returns what it says. */
    public String run(String... arguments) throws IOException, InterruptedException {
        Process client = client(arguments);
        String said = new String(client.getInputStream().readAllBytes());
        if (client.waitFor() != 0) {
            throw new AssertionError(String.join(" ", arguments) + ": " + said);
        }
        return said.strip();
    }

    /** What it has not cleared up of what it was doing. */
    public List<Path> leftInTemporary() throws IOException {
        try (Stream<Path> left = Files.list(directory.resolve("data/tmp"))) {
            return left.toList();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Mounts.unmountAll(directory);
    }
}
