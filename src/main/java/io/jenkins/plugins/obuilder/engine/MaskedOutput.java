package io.jenkins.plugins.obuilder.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** A stream without the secrets that a {@link SecretMask} knows. */
final class MaskedOutput extends OutputStream {
    private static final byte[] STARS = SecretMask.STARS.getBytes(US_ASCII);

    private final SecretMask mask;
    private final OutputStream out;

    /** Bytes whose fate is open, and which of them belong to a secret. */
    private byte[] held = new byte[256];

    private boolean[] secret = new boolean[256];
    private int count;
    private int state;

    /** Whether the last byte that was passed on belonged to a secret: one run of them gives one mask. */
    private boolean masking;

    MaskedOutput(SecretMask mask, OutputStream out) {
        this.mask = mask;
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (count == 0) {
                int start = at;
                while (at < end && !mask.begins(buffer[at])) {
                    at++;
                }
                if (at > start) {
                    out.write(buffer, start, at - start);
                    masking = false;
                }
            }
            if (at < end) {
                take(buffer[at++]);
            }
        }
    }

    private void take(byte b) throws IOException {
        if (count == held.length) {
            held = Arrays.copyOf(held, 2 * count);
            secret = Arrays.copyOf(secret, 2 * count);
        }
        held[count] = b;
        secret[count] = false;
        count++;
        state = mask.step(state, b);
        for (int i = count - mask.ends(state); i < count; i++) {
            secret[i] = true;
        }
        release(count - mask.depth(state));
    }

    /** Passes on the first n of the bytes that are held. */
    private void release(int n) throws IOException {
        int from = 0;
        while (from < n) {
            int to = from;
            while (to < n && secret[to] == secret[from]) {
                to++;
            }
            if (!secret[from]) {
                out.write(held, from, to - from);
                masking = false;
            } else if (!masking) {
                out.write(STARS);
                masking = true;
            }
            from = to;
        }
        count -= n;
        System.arraycopy(held, n, held, 0, count);
        System.arraycopy(secret, n, secret, 0, count);
    }

    /** Nothing that would complete a secret comes any more: passes on what is held. */
    void end() throws IOException {
        release(count);
        state = 0;
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        end();
        out.close();
    }
}
