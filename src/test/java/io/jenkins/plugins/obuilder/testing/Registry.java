package io.jenkins.plugins.obuilder.testing;

import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** An image registry on the loopback, empty: needs {@link Need#REGISTRY}. Closing it ends it. */
public final class Registry implements Closeable {
    private final int port;
    private final Process process;

    private Registry(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    /** Starts it, and waits until it listens. */
    public static Registry start(Path directory) throws IOException {
        Files.createDirectories(directory);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(
                directory.resolve("config.yml"),
                "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: " + directory.resolve("data")
                        + "\nhttp:\n  addr: 127.0.0.1:" + port + "\n");
        Process process = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("the registry has ended: " + Files.readString(directory.resolve("log")));
            }
            return isListening(port);
        });
        return new Registry(port, process);
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Host and port, as they stand before an image's name. */
    public String name() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
