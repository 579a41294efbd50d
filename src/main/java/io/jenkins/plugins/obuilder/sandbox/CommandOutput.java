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

    private static final byte[] COMPLAINT = OciRuntime.COMPLAINT.getBytes(StandardCharsets.US_ASCII);

    private final OutputStream log;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private boolean released;

    CommandOutput(OutputStream log) {
        this.log = log;
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
        if (!mayBeComplaint()) {
            release();
        }
    }

    private boolean mayBeComplaint() {
        byte[] bytes = held.toByteArray();
        int common = Math.min(bytes.length, COMPLAINT.length);
        return bytes.length <= LONGEST && Arrays.equals(bytes, 0, common, COMPLAINT, 0, common);
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
