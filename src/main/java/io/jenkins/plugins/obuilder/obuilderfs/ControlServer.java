package io.jenkins.plugins.obuilder.obuilderfs;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens to {@link Control}: root alone can reach the socket. */
final class ControlServer implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    private final ServerSocketChannel server;

    /** What one conversation says comes to one of these. */
    interface Conversation extends Closeable {
        /** Returns the answer to a line. */
        String hear(String line) throws IOException;

        /** The other side has gone. */
        @Override
        void close() throws IOException;
    }

    /** Begins a conversation. */
    interface Conversations {
        Conversation begin();
    }

    ControlServer(Path socket, Conversations conversations) throws IOException {
        Files.deleteIfExists(socket);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        start("control", () -> accept(conversations));
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(Conversations conversations) {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                start("conversation", () -> talk(channel, conversations.begin()));
            }
        } catch (ClosedChannelException e) {
            LOG.debug("no more conversations");
        } catch (IOException e) {
            LOG.error("cannot listen any more: {}", e.getMessage());
        }
    }

    private static void talk(SocketChannel channel, Conversation conversation) {
        try (channel;
                conversation;
                BufferedReader in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
            String line = in.readLine();
            while (line != null) {
                ByteBuffer answer =
                        ByteBuffer.wrap((answer(conversation, line) + "\n").getBytes(StandardCharsets.UTF_8));
                while (answer.hasRemaining()) {
                    channel.write(answer);
                }
                line = in.readLine();
            }
        } catch (IOException e) {
            LOG.warn("a conversation broke off: {}", e.getMessage());
        }
    }

    private static String answer(Conversation conversation, String line) {
        try {
            return conversation.hear(line);
        } catch (IOException e) {
            return "error " + e.getMessage().replace('\n', ' ');
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
