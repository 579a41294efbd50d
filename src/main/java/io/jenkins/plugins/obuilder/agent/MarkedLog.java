package io.jenkins.plugins.obuilder.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.List;

/** Tells text and marks apart in what the engine prints, a piece at a time. */
final class MarkedLog {
    private static final byte END_OF_MARK = 0x07;

    private final byte[] beginning;

    MarkedLog(String token) {
        beginning = ("\u001b]obuilder;" + token + ";").getBytes(UTF_8);
    }

    /**
     * Something in a piece.
     *
     * @param mark null for text
     */
    record Part(int offset, int length, @CheckForNull Mark mark) {}

    /**
     * What a piece holds.
     *
     * @param length how many of its bytes that is: what is behind them must be read again, with more
     */
    record Parts(List<Part> parts, int length) {}

    /**
     * Looks at a piece.
     *
     * @param last whether nothing follows it. Until then a mark that is not whole yet, and the one with the result, are left for later: when
     *     the controller forgets all that it did not save, they are still there.
     */
    Parts read(byte[] piece, boolean last) {
        List<Part> parts = new ArrayList<>();
        int text = 0;
        int at = 0;
        while (at < piece.length) {
            if (piece[at] != beginning[0]) {
                at++;
                continue;
            }
            int equal = 1;
            while (equal < beginning.length && at + equal < piece.length && piece[at + equal] == beginning[equal]) {
                equal++;
            }
            boolean open = at + equal == piece.length;
            int end = equal < beginning.length ? -1 : indexOf(END_OF_MARK, piece, at + equal);
            if (end >= 0) {
                Mark mark = Mark.parse(new String(piece, at + equal, end - at - equal, UTF_8));
                if (mark.event().equals(Mark.FINISHED) && !last) {
                    return parts(parts, text, at);
                }
                text(parts, text, at);
                parts.add(new Part(at, end + 1 - at, mark));
                at = end + 1;
                text = at;
            } else if ((open || equal == beginning.length) && !last) {
                return parts(parts, text, at);
            } else {
                at++;
            }
        }
        return parts(parts, text, piece.length);
    }

    private static int indexOf(byte wanted, byte[] piece, int from) {
        for (int i = from; i < piece.length; i++) {
            if (piece[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static void text(List<Part> parts, int from, int to) {
        if (from < to) {
            parts.add(new Part(from, to - from, null));
        }
    }

    private static Parts parts(List<Part> parts, int from, int to) {
        text(parts, from, to);
        return new Parts(parts, to);
    }
}
