package io.jenkins.plugins.obuilder.engine;

import java.util.Arrays;

/** Cuts a stream of bytes into pieces that never end inside a UTF-8 character. */
final class Utf8Pieces {
    private static final byte[] NONE = {};

    private byte[] held = NONE;

    /** What may be passed on now: what was held back and these bytes, without a character that is not whole yet. */
    byte[] take(byte[] buffer, int offset, int length) {
        byte[] all = Arrays.copyOf(held, held.length + length);
        System.arraycopy(buffer, offset, all, held.length, length);
        int whole = all.length - unfinished(all);
        held = whole == all.length ? NONE : Arrays.copyOfRange(all, whole, all.length);
        return whole == all.length ? all : Arrays.copyOf(all, whole);
    }

    /** What was held back, when nothing can complete it any more. */
    byte[] rest() {
        byte[] rest = held;
        held = NONE;
        return rest;
    }

    /** How many bytes at the end begin a character that more bytes could complete. */
    private static int unfinished(byte[] bytes) {
        for (int back = 1; back <= Math.min(3, bytes.length); back++) {
            int b = bytes[bytes.length - back] & 0xff;
            if (b >= 0xc0) {
                int needed = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
                return back < needed ? back : 0;
            }
            if (b < 0x80) {
                return 0;
            }
        }
        return 0;
    }
}
