package io.jenkins.plugins.obuilder.spec;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lays text out in boxes as OCaml's Format library does with its default margin of 78 columns, so that headings break their lines where
 * the reference's do. The method is Oppen's: tokens wait in a queue until the width of the box or of the line's rest is known, or until
 * it is clear that it does not fit.
 *
 * <p>Two habits of Format show in its output and are kept: what fills a line exactly up to the margin does not fit, unless its box was
 * closed in time; and a box is not opened to the right of column 68 but on a new line.
 */
final class BoxPrinter {
    private static final int MARGIN = 78;
    private static final int MAX_INDENT = 68;
    private static final int INFINITE = 1_000_000_010;

    /** How a box breaks its lines. */
    enum Box {
        /** Never. */
        HORIZONTAL,
        /** At every break. */
        VERTICAL,
        /** At every break, unless all of it fits on one line. */
        ALL_OR_NONE,
        /** Where the line is full. */
        FILL,
        /** Where the line is full, or where breaking moves to the left. */
        STRUCTURAL,
        /** Found to fit. */
        FITS
    }

    private enum Kind {
        TEXT,
        BREAK,
        OPEN,
        CLOSE,
        NEWLINE
    }

    private static final class Token {
        final Kind kind;
        final String text;
        final Box box;
        final int indent;
        /** Columns it takes when no line is broken. */
        final int length;
        /** Columns up to its box's end or the next break; unknown while negative. */
        int size;
        /** {@link #enqueued} behind this token: says where it stands. */
        int position;

        Token(Kind kind, String text, Box box, int indent, int length, int size) {
            this.kind = kind;
            this.text = text;
            this.box = box;
            this.indent = indent;
            this.length = length;
            this.size = size;
        }
    }

    /** A box that is being printed; {@code room} is the space on a line that starts at its indentation. */
    private record OpenBox(Box box, int room) {}

    private final StringBuilder out = new StringBuilder();
    private final Deque<Token> queue = new ArrayDeque<>();
    /** Boxes and breaks whose size is not known yet. */
    private final Deque<Token> unsized = new ArrayDeque<>();

    private final Deque<OpenBox> boxes = new ArrayDeque<>();
    private int printed = 1;
    private int enqueued = 1;
    private int spaceLeft = MARGIN;
    private int lineIndent;
    private boolean atLineStart;

    BoxPrinter() {
        open(Box.FILL, 0);
    }

    BoxPrinter text(String text) {
        enqueue(new Token(Kind.TEXT, text, null, 0, text.length(), text.length()));
        advance();
        return this;
    }

    /** A place to break the line, a blank otherwise. */
    BoxPrinter space() {
        return breakHint(1);
    }

    /** A place to break the line, nothing otherwise. */
    BoxPrinter cut() {
        return breakHint(0);
    }

    private BoxPrinter breakHint(int width) {
        Token token = new Token(Kind.BREAK, "", null, width, width, -enqueued);
        enqueue(token);
        settle(Kind.BREAK);
        push(token);
        return this;
    }

    BoxPrinter newline() {
        enqueue(new Token(Kind.NEWLINE, "", null, 0, 0, 0));
        advance();
        return this;
    }

    BoxPrinter open(Box box, int indent) {
        Token token = new Token(Kind.OPEN, "", box, indent, 0, -enqueued);
        enqueue(token);
        push(token);
        return this;
    }

    BoxPrinter close() {
        enqueue(new Token(Kind.CLOSE, "", null, 0, 0, 0));
        settle(Kind.BREAK);
        settle(Kind.OPEN);
        return this;
    }

    String finish() {
        enqueued = INFINITE;
        advance();
        return out.toString();
    }

    private void enqueue(Token token) {
        enqueued += token.length;
        queue.add(token);
    }

    private void push(Token token) {
        token.position = enqueued;
        unsized.push(token);
    }

    /** The size of the innermost waiting token is known now, if it is of this kind. */
    private void settle(Kind kind) {
        Token token = unsized.peek();
        if (token == null) {
            return;
        }
        if (token.position < printed) {
            // It is printed already, and so is all that was waiting before it.
            unsized.clear();
        } else if (token.kind == kind) {
            token.size += enqueued;
            unsized.pop();
        }
    }

    /** Prints what can be: tokens of known size, and others once what waits is wider than the line's rest. */
    private void advance() {
        while (!queue.isEmpty() && (queue.element().size >= 0 || enqueued - printed >= spaceLeft)) {
            Token token = queue.remove();
            print(token, token.size < 0 ? INFINITE : token.size);
            printed += token.length;
        }
    }

    private void print(Token token, int size) {
        switch (token.kind) {
            case TEXT -> {
                spaceLeft -= size;
                out.append(token.text);
                atLineStart = false;
            }
            case OPEN -> {
                if (MARGIN - spaceLeft > MAX_INDENT) {
                    breakBeforeBox();
                }
                boolean fits = token.box != Box.VERTICAL && size <= spaceLeft;
                boxes.push(new OpenBox(fits ? Box.FITS : token.box, spaceLeft - token.indent));
            }
            case CLOSE -> boxes.pop();
            case NEWLINE -> startLine(boxes.element().room);
            case BREAK -> {
                OpenBox box = boxes.element();
                if (breaksHere(box, size)) {
                    startLine(box.room);
                } else {
                    spaceLeft -= token.length;
                    out.append(" ".repeat(token.length));
                }
            }
        }
    }

    private boolean breaksHere(OpenBox box, int size) {
        return switch (box.box) {
            case VERTICAL, ALL_OR_NONE -> true;
            case HORIZONTAL, FITS -> false;
            case FILL -> size > spaceLeft;
            case STRUCTURAL -> !atLineStart && (size > spaceLeft || lineIndent > MARGIN - box.room);
        };
    }

    private void breakBeforeBox() {
        OpenBox around = boxes.peek();
        if (around != null && around.room > spaceLeft && around.box != Box.FITS && around.box != Box.HORIZONTAL) {
            startLine(around.room);
        }
    }

    private void startLine(int room) {
        lineIndent = Math.min(MAX_INDENT, MARGIN - room);
        spaceLeft = MARGIN - lineIndent;
        atLineStart = true;
        out.append('\n').append(" ".repeat(lineIndent));
    }
}
