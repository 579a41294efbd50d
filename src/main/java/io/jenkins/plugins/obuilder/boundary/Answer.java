package io.jenkins.plugins.obuilder.boundary;

import io.jenkins.plugins.obuilder.host.PieceInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** The bytes that a caller answers with, as they come. Reading makes room for more. One thread reads, another fills. */
final class Answer extends PieceInput {
    private final CallerConnection connection;
    private final int channel;
    private final Deque<byte[]> pieces = new ArrayDeque<>();
    private int waiting;
    private boolean complete;
    private String failure;

    private byte[] piece = {};
    private int at;
    private int taken;

    Answer(CallerConnection connection, int channel) {
        this.connection = connection;
        this.channel = channel;
    }

    /** Takes a piece. Nobody may send more than was asked for. */
    synchronized void add(byte[] bytes) throws ProtocolException {
        if (failure != null) {
            return;
        }
        if (waiting + bytes.length > Protocol.WINDOW || complete) {
            throw new ProtocolException("more of an answer than may be under way");
        }
        waiting += bytes.length;
        pieces.add(bytes);
        notifyAll();
    }

    synchronized void complete() {
        complete = true;
        notifyAll();
    }

    /** @param why for the user */
    synchronized void fail(String why) {
        if (failure == null && !complete) {
            failure = why;
        }
        notifyAll();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (at == piece.length) {
            if (!next()) {
                return -1;
            }
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, buffer, offset, count);
        at += count;
        return count;
    }

    private boolean next() throws IOException {
        synchronized (this) {
            while (pieces.isEmpty()) {
                if (failure != null) {
                    throw new IOException(failure);
                }
                if (complete) {
                    return false;
                }
                try {
                    wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted while waiting for the caller", e);
                }
            }
            piece = pieces.remove();
            at = 0;
            waiting -= piece.length;
        }
        taken += piece.length;
        if (taken >= Protocol.WINDOW / 2) {
            connection.credit(channel, taken);
            taken = 0;
        }
        return true;
    }

    /** All of it, as text. */
    String text(int longest) throws IOException {
        byte[] bytes = readNBytes(longest + 1);
        if (bytes.length > longest) {
            throw new ProtocolException("an answer that is too long");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        boolean ended;
        synchronized (this) {
            ended = complete || failure != null;
            fail("it was closed");
            pieces.clear();
        }
        connection.forget(channel, !ended);
    }
}
