package io.jenkins.plugins.obuilder.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A command's output out of a container, without what the runtime itself says when it cannot start the command: it says that on the same
 * stream. So what begins as the runtime's complaint does is held back until it is known whose it is.
 */
final class CommandOutput extends OutputStream {
    /** Much longer than any complaint. */
    private static final int LONGEST = 64 << 10;

    private final OutputStream log;
    private final Doubt doubt;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private boolean released;

    CommandOutput(OutputStream log, Doubt doubt) {
        this.log = log;
        this.doubt = doubt;
    }

    /** Tells what the runtime may have said. */
    @FunctionalInterface
    interface Doubt {
        /** @param output all that has come so far */
        boolean mayBeComplaint(byte[] output) throws IOException;

        /** Whether it begins like this, as far as it has come. */
        static Doubt ofBeginning(String text) {
            byte[] beginning = text.getBytes(StandardCharsets.US_ASCII);
            return output -> {
                int common = Math.min(output.length, beginning.length);
                return Arrays.equals(output, 0, common, beginning, 0, common);
            };
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] buffer, int offset, int length) throws IOException {
        if (released) {
            log.write(buffer, offset, length);
            return;
        }
        held.write(buffer, offset, length);
        if (held.size() > LONGEST || !doubt.mayBeComplaint(held.toByteArray())) {
            release();
        }
    }

    /** It is the command's: passes on what was held back, and whatever comes. */
    synchronized void release() throws IOException {
        if (!released) {
            released = true;
            held.writeTo(log);
            held.reset();
        }
    }
}
