package io.jenkins.plugins.obuilder.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A gate through which steps of builds pass: it knows who came, and how often, and can keep them waiting. A step passes with the command
 * {@link #pass}, which takes BusyBox and the host's network.
 */
public final class Gate implements Closeable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final List<String> arrived = new ArrayList<>();
    private final List<Socket> waiting = new ArrayList<>();
    private boolean open;

    private Gate(boolean open) throws IOException {
        this.open = open;
        Thread thread = new Thread(this::accept, "gate");
        thread.setDaemon(true);
        thread.start();
    }

    public static Gate open() throws IOException {
        return new Gate(true);
    }

    public static Gate closed() throws IOException {
        return new Gate(false);
    }

    /** A shell command that arrives under this name and waits until the gate is open. */
    public String pass(String name) {
        return "echo " + name + " | nc 127.0.0.1 " + server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread thread = new Thread(() -> arrive(socket), "at the gate");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void arrive(Socket socket) {
        try {
            String name = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1)).readLine();
            synchronized (this) {
                arrived.add(name);
                if (open) {
                    socket.close();
                } else {
                    waiting.add(socket);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Who came, in order. */
    public synchronized List<String> arrived() {
        return List.copyOf(arrived);
    }

    public void awaitArrivals(int count) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(arrived()).as("who came").hasSizeGreaterThanOrEqualTo(count));
    }

    /** Lets everybody through, from now on. */
    public synchronized void letThrough() throws IOException {
        open = true;
        for (Socket socket : waiting) {
            socket.close();
        }
        waiting.clear();
    }

    @Override
    public void close() throws IOException {
        letThrough();
        server.close();
    }
}
