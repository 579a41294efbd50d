package io.jenkins.plugins.obuilder.spec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Reads S-expressions in sexplib's syntax, byte for byte as its {@code load_sexp} does: {@code ;} line comments, {@code #;} datum
 * comments, nested {@code #| |#} comments (a quoted string in one hides what closes it), quoted atoms with OCaml's escapes.
 *
 * <p>Two leniencies, since neither changes what a readable file means: a line comment may end the file without a newline, and a UTF-8
 * byte order mark at the start is skipped. Nothing recurses: depth is bounded by {@link #MAX_DEPTH}, with an error that has a position.
 */
final class SexpReader {
    /** No spec that a person or a generator writes comes near; printing and checking a spec recurse this deep. */
    static final int MAX_DEPTH = 500;

    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

    private final SourceText source;
    private final String text;
    private final Deque<OpenList> open = new ArrayDeque<>();
    private int at;

    private SexpReader(SourceText source) {
        this.source = source;
        this.text = source.bytes();
    }

    /** Reads all S-expressions of the text, one after the other. */
    static List<Sexp> readAll(SourceText source) throws SpecException {
        return new SexpReader(source).read();
    }

    /** A list whose end was not met yet, and the {@code #;} in it that wait for what they comment out. */
    private static final class OpenList {
        final int offset;
        final List<Sexp> items = new ArrayList<>();
        int datumComments;
        int lastDatumComment;

        OpenList(int offset) {
            this.offset = offset;
        }

        void add(Sexp item) {
            if (datumComments > 0) {
                datumComments--;
            } else {
                items.add(item);
            }
        }
    }

    private List<Sexp> read() throws SpecException {
        at = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length() : 0;
        open.push(new OpenList(at));
        while (at < text.length()) {
            readToken();
        }
        OpenList last = open.pop();
        checkNoDatumComment(last);
        if (!open.isEmpty()) {
            throw source.error(last.offset, "this parenthesis is never closed");
        }
        return last.items;
    }

    private void readToken() throws SpecException {
        char c = text.charAt(at);
        switch (c) {
            case ' ', '\t', '\f', '\n' -> at++;
            case '\r' -> skipCarriageReturn();
            case '(' -> openList();
            case ')' -> closeList();
            case '"' -> {
                int start = at++;
                open.element().add(new Sexp.Atom(readQuoted(start), start));
            }
            case ';' -> skipLineComment();
            default -> {
                if (text.startsWith("#;", at)) {
                    open.element().datumComments++;
                    open.element().lastDatumComment = at;
                    at += 2;
                } else if (text.startsWith("#|", at)) {
                    skipBlockComment();
                } else {
                    readAtom();
                }
            }
        }
    }

    private void openList() throws SpecException {
        if (open.size() > MAX_DEPTH) {
            throw source.error(at, "more than " + MAX_DEPTH + " lists inside each other");
        }
        open.push(new OpenList(at++));
    }

    private void closeList() throws SpecException {
        OpenList list = open.pop();
        checkNoDatumComment(list);
        if (open.isEmpty()) {
            throw source.error(at, "this parenthesis closes nothing");
        }
        open.element().add(new Sexp.Items(list.items, list.offset, at++));
    }

    private void checkNoDatumComment(OpenList list) throws SpecException {
        if (list.datumComments > 0) {
            throw source.error(list.lastDatumComment, "nothing follows for #; to comment out");
        }
    }

    private void skipCarriageReturn() throws SpecException {
        if (!text.startsWith("\r\n", at)) {
            throw source.error(at, "a carriage return must be followed by a newline");
        }
        at += 2;
    }

    private void skipLineComment() {
        while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
            at++;
        }
    }

    private void skipBlockComment() throws SpecException {
        Deque<Integer> starts = new ArrayDeque<>();
        do {
            if (at >= text.length()) {
                throw source.error(starts.element(), "this comment is never closed with |#");
            } else if (text.startsWith("#|", at)) {
                starts.push(at);
                at += 2;
            } else if (text.startsWith("|#", at)) {
                starts.pop();
                at += 2;
            } else if (text.charAt(at) == '"') {
                readQuoted(at++);
            } else {
                at++;
            }
        } while (!starts.isEmpty());
    }

    private void readAtom() throws SpecException {
        int start = at;
        while (at < text.length() && " \t\f\n\r();\"".indexOf(text.charAt(at)) < 0) {
            if (text.startsWith("#|", at) || text.startsWith("|#", at)) {
                throw source.error(
                        at,
                        at == start
                                ? "|# closes no comment"
                                : "#| and |# cannot stand in a word; quote it, or put a blank before a comment");
            }
            at++;
        }
        open.element().add(new Sexp.Atom(text.substring(start, at), start));
    }

    /** Reads on from behind a quote to behind the one that ends the string. */
    private String readQuoted(int start) throws SpecException {
        StringBuilder atom = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return atom.toString();
            } else if (c == '\\') {
                readEscape(atom, start);
            } else {
                atom.append(c);
            }
        }
        throw unterminated(start);
    }

    private void readEscape(StringBuilder atom, int start) throws SpecException {
        if (at >= text.length()) {
            throw unterminated(start);
        }
        char c = text.charAt(at++);
        switch (c) {
            case 'n' -> atom.append('\n');
            case 't' -> atom.append('\t');
            case 'r' -> atom.append('\r');
            case 'b' -> atom.append('\b');
            case '\\', '"', '\'' -> atom.append(c);
            case '\n' -> skipBlanks();
            case '\r' -> {
                if (text.startsWith("\n", at)) {
                    at++;
                    skipBlanks();
                } else {
                    atom.append('\r');
                }
            }
            case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
                int code = digits(at - 1, 3, 10);
                if (code < 0 || code > 255) {
                    throw source.error(at - 2, "\\ and digits want three of them, from \\000 to \\255");
                }
                atom.append((char) code);
                at += 2;
            }
            case 'x' -> {
                int code = digits(at, 2, 16);
                if (code < 0) {
                    throw source.error(at - 2, "\\x wants two hexadecimal digits");
                }
                atom.append((char) code);
                at += 2;
            }
            // As sexplib reads it: a backslash before anything else, a blank too, stands for itself.
            default -> atom.append('\\').append(c);
        }
    }

    private SpecException unterminated(int start) {
        return source.error(start, "this string is never closed with \"");
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    /** The number that so many digits make; -1 when there are fewer. */
    private int digits(int from, int count, int radix) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            // Character.digit takes digits of other scripts too, but none of them lies below 256.
            int digit = i < text.length() ? Character.digit(text.charAt(i), radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }
}
