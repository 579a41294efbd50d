package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.HostException;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A conversation with the process that serves a mount point: a line there, a line back. A lease lasts no longer than the conversation that
 * took it, however that ends.
 */
final class Control implements Closeable {
    static final String OK = "ok";
    static final String STATUS = "status";
    static final String LEASE = "lease";
    static final String RELEASE = "release";
    static final String UNMOUNT = "unmount";
    static final String BUSY = "busy";

    /** Longer than a change of hands may take, see {@link Tenancy}. */
    static final Duration LIMIT = Duration.ofSeconds(15);

    private final SocketChannel channel;
    private final BufferedReader in;

    private Control(SocketChannel channel) {
        this.channel = channel;
        in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    /** @throws IOException when nobody listens */
    static Control connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        boolean done = false;
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            done = true;
            return new Control(channel);
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    /** Says a line and returns the answer; the conversation is over when none comes in time. */
    String ask(String line) throws IOException {
        return askUntilEnd(line, LIMIT).orElseThrow(() -> new HostException("the process that serves it has ended"));
    }

    /** The same; empty when the process ends rather than answers. */
    Optional<String> askUntilEnd(String line, Duration limit) throws IOException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread thread = new Thread(() -> exchange(line, answer), "asking obuilderfs");
        thread.setDaemon(true);
        thread.start();
        try {
            return Optional.ofNullable(answer.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            close();
            throw new HostException("the process that serves it has not answered for " + limit.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new HostException(
                    "cannot ask the process that serves it: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new HostException("interrupted while asking the process that serves it", e);
        }
    }

    private void exchange(String line, CompletableFuture<String> answer) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            answer.complete(in.readLine());
        } catch (IOException e) {
            answer.completeExceptionally(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
