package io.jenkins.plugins.obuilder.boundary;

import java.io.IOException;
import java.io.OutputStream;

/** The bytes of an answer on their way to root: no more of them than it has room for. */
final class Reply extends OutputStream {
    private final FrameWriter out;
    private final int channel;
    private int room = Protocol.WINDOW;
    private boolean dropped;

    Reply(FrameWriter out, int channel) {
        this.out = out;
        this.channel = channel;
    }

    synchronized void credit(int bytes) {
        room += bytes;
        notifyAll();
    }

    /** Root listens no more. */
    synchronized void drop() {
        dropped = true;
        notifyAll();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int piece = awaitRoom(Math.min(length - done, Frame.LARGEST));
            out.write(FrameType.DATA, channel, buffer, offset + done, piece);
            done += piece;
        }
    }

    private synchronized int awaitRoom(int wanted) throws IOException {
        while (room == 0 && !dropped) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while root had no room for an answer", e);
            }
        }
        if (dropped) {
            throw new IOException("root listens no more");
        }
        int piece = Math.min(wanted, room);
        room -= piece;
        return piece;
    }
}
