package io.jenkins.plugins.obuilder.boundary;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Root's end of the pipe to a caller. A thread reads what comes, so that the build is told at once when it is cancelled or its caller has
 * gone. Nothing that the caller sends makes root open a file, and no more of it is kept than {@link Protocol} says.
 */
public final class CallerConnection {
    private final FrameReader in;
    private final FrameWriter out;
    private final Map<Integer, Answer> answers = new ConcurrentHashMap<>();
    private final AtomicInteger lastChannel = new AtomicInteger();
    private final LastSign lastSign = new LastSign();
    private String lost;

    public CallerConnection(InputStream in, OutputStream out) {
        this.in = new FrameReader(in);
        this.out = new FrameWriter(out);
    }

    /** What a caller may do to a build that runs. */
    public interface Listener {
        /** It is not wanted any more. */
        void cancelled(int exitStatus, String reason);

        /** The caller has gone, or does not keep to the protocol. Nobody reads what is written from now on. */
        void lost(String reason);
    }

    /** Says who we are. */
    public void greet(String version) throws IOException {
        Map<String, Object> hello = new LinkedHashMap<>();
        hello.put("obuilder", version);
        hello.put("protocol", Protocol.VERSION);
        out.write(FrameType.HELLO, 0, JSON.std.asBytes(hello));
    }

    /**
     * Waits for the request; empty when the caller only wanted to see whether we are there.
     *
     * @throws ProtocolException when what comes is no request
     */
    public Optional<Request> awaitRequest() throws IOException {
        RequestBytes bytes = new RequestBytes(in);
        if (!bytes.begins()) {
            return Optional.empty();
        }
        return Optional.of(Request.read(bytes));
    }

    /** Listens from now on, in threads of its own. */
    public void listen(Listener listener) {
        Thread reader = new Thread(() -> read(listener), "caller");
        reader.setDaemon(true);
        reader.start();
        lastSign.watch(() -> lose(listener, "the caller has said nothing for " + Protocol.SILENCE.toSeconds() + " s"));
    }

    private void read(Listener listener) {
        try {
            Optional<Frame> frame;
            while ((frame = in.next()).isPresent()) {
                lastSign.seen();
                take(frame.get(), listener);
            }
            lose(listener, "the caller has gone");
        } catch (IOException e) {
            lose(listener, e.getMessage());
        }
    }

    private void take(Frame frame, Listener listener) throws IOException {
        switch (frame.type()) {
            case ALIVE -> {
                // that it came is all it says
            }
            case CANCEL -> listener.cancelled(frame.number(), frame.textAfterNumber());
            case DATA, END, FAIL -> answer(frame);
            default -> throw new ProtocolException("a frame " + frame.type() + ", which is root's to send");
        }
    }

    private void answer(Frame frame) throws IOException {
        Answer answer = answers.get(frame.channel());
        if (answer == null) {
            if (frame.channel() <= 0 || frame.channel() > lastChannel.get()) {
                throw new ProtocolException("an answer to nothing");
            }
            return; // it was dropped, which the caller may not know yet
        }
        switch (frame.type()) {
            case DATA -> answer.add(frame.payload());
            case END -> answer.complete();
            default -> answer.fail(frame.text());
        }
    }

    private void lose(Listener listener, String why) {
        abandon(why);
        listener.lost(why);
    }

    /** Ends every answer that is waited for, and every one that will be. */
    public void abandon(String why) {
        synchronized (this) {
            if (lost == null) {
                lost = why;
            }
        }
        answers.values().forEach(answer -> answer.fail(why));
    }

    /** Asks about the caller's files. The answer must be closed. */
    Answer ask(byte[] question) throws IOException {
        if (question.length > Protocol.LARGEST_CALL) {
            throw new IOException("what a copy names is longer than " + Protocol.LARGEST_CALL + " bytes");
        }
        int channel = lastChannel.incrementAndGet();
        Answer answer = new Answer(this, channel);
        synchronized (this) {
            if (lost != null) {
                throw new IOException(lost);
            }
            answers.put(channel, answer);
        }
        out.write(FrameType.CALL, channel, question);
        return answer;
    }

    void credit(int channel, int bytes) throws IOException {
        out.number(FrameType.CREDIT, channel, bytes);
    }

    void forget(int channel, boolean tell) throws IOException {
        answers.remove(channel);
        if (tell && !isLost()) {
            out.write(FrameType.DROP, channel, new byte[0]);
        }
    }

    private synchronized boolean isLost() {
        return lost != null;
    }

    /** The build's standard output. */
    public OutputStream out() {
        return out.stream(FrameType.OUT);
    }

    /** The build's standard error. */
    public OutputStream err() {
        return out.stream(FrameType.ERR);
    }

    /** Tells the result, of at most some kilobytes, as the file of {@code --result} has it. */
    public void result(byte[] json) throws IOException {
        out.write(FrameType.RESULT, 0, json);
    }

    /** Says good-bye. */
    public void exit(int status) throws IOException {
        out.number(FrameType.EXIT, 0, status);
    }
}
