package io.jenkins.plugins.obuilder.boundary;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The caller's end of the pipe to root: sends the request, passes on what the build prints, and answers what root asks about files. */
public final class RootConnection {
    private final FrameReader in;
    private final FrameWriter out;
    private final Map<Integer, Reply> replies = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "answer to root");
        thread.setDaemon(true);
        return thread;
    });

    public RootConnection(InputStream in, OutputStream out) {
        this.in = new FrameReader(in);
        this.out = new FrameWriter(out);
    }

    /**
     * What answered.
     *
     * @param version of the installed obuilder
     */
    public record Hello(String version, int protocol) {
        public boolean fits() {
            return protocol == Protocol.VERSION;
        }

        /** What is wrong when it does not fit, and what to do. */
        public String mismatch(String own) {
            return Protocol.mismatch(version, protocol, own);
        }
    }

    /** Answers a question of root's. */
    @FunctionalInterface
    public interface Files {
        /** @throws IOException when there is no answer; root's user sees the message */
        void answer(byte[] question, OutputStream reply) throws IOException;
    }

    /** @param result as the file of {@code --result} has it, when root told one */
    public record Ending(int exitStatus, Optional<byte[]> result) {}

    /** Waits for root to say who it is; empty when nobody is there. */
    public Optional<Hello> awaitHello() throws IOException {
        Optional<Frame> frame = in.next();
        if (frame.isEmpty()) {
            return Optional.empty();
        }
        if (frame.get().type() != FrameType.HELLO) {
            throw new ProtocolException("a frame " + frame.get().type() + " before it said who it is");
        }
        Map<String, Object> hello = JSON.std.mapFrom(frame.get().text());
        if (!(hello.get("protocol") instanceof Integer protocol)) {
            throw new ProtocolException("a greeting without a protocol");
        }
        return Optional.of(new Hello(String.valueOf(hello.get("obuilder")), protocol));
    }

    public void request(Request request) throws IOException {
        request.writeTo(out.stream(FrameType.REQUEST));
        keepAlive();
    }

    private void keepAlive() {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            Thread.sleep(Protocol.ALIVE.toMillis());
                            out.write(FrameType.ALIVE, 0, new byte[0]);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (IOException e) {
                        // Root has ended, which is found out where its end is waited for.
                        return;
                    }
                },
                "alive");
        thread.setDaemon(true);
        thread.start();
    }

    /** Tells root that the build is not wanted any more. It clears up before it ends. */
    public void cancel(int exitStatus, String reason) throws IOException {
        byte[] why = reason.getBytes(StandardCharsets.UTF_8);
        ByteBuffer payload = ByteBuffer.allocate(Integer.BYTES + why.length);
        out.write(FrameType.CANCEL, 0, payload.putInt(exitStatus).put(why).array());
    }

    /**
     * Does what root says, to its end; empty when it ended without saying how.
     *
     * @param stdout is given what the build prints; when it fails that is not told here
     */
    public Optional<Ending> follow(OutputStream stdout, OutputStream stderr, Files files) throws IOException {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        Optional<Frame> next;
        while ((next = in.next()).isPresent()) {
            Frame frame = next.get();
            switch (frame.type()) {
                case OUT -> {
                    stdout.write(frame.payload());
                    stdout.flush();
                }
                case ERR -> {
                    stderr.write(frame.payload());
                    stderr.flush();
                }
                case CALL -> answer(frame, files);
                case CREDIT, DROP -> adjust(frame);
                case RESULT -> result.write(frame.payload());
                case EXIT -> {
                    return Optional.of(new Ending(
                            frame.number(), result.size() == 0 ? Optional.empty() : Optional.of(result.toByteArray())));
                }
                default -> throw new ProtocolException("a frame " + frame.type() + ", which is the caller's to send");
            }
        }
        return Optional.empty();
    }

    private void adjust(Frame frame) throws IOException {
        Reply reply = replies.get(frame.channel());
        if (reply == null) {
            return; // it is complete
        }
        if (frame.type() == FrameType.CREDIT) {
            reply.credit(frame.number());
        } else {
            reply.drop();
        }
    }

    private void answer(Frame call, Files files) {
        int channel = call.channel();
        Reply reply = new Reply(out, channel);
        replies.put(channel, reply);
        threads.execute(() -> {
            try {
                end(channel, reply, call.payload(), files);
            } catch (IOException e) {
                // Root has ended, which is found out where its end is waited for.
                return;
            } finally {
                replies.remove(channel);
            }
        });
    }

    private void end(int channel, Reply reply, byte[] question, Files files) throws IOException {
        try {
            files.answer(question, reply);
        } catch (IOException | RuntimeException e) {
            out.text(FrameType.FAIL, channel, e.getMessage() == null ? e.toString() : e.getMessage());
            return;
        }
        out.write(FrameType.END, channel, new byte[0]);
    }
}
