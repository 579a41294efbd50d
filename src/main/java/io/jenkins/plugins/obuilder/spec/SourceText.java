package io.jenkins.plugins.obuilder.spec;

/** The text of a spec with its file's name: turns offsets into lines, columns and excerpts for people. */
final class SourceText {
    /** Characters of a line that an excerpt shows, and how many of them stand before the caret at most. */
    private static final int EXCERPT = 100;

    private static final int BEFORE_CARET = 60;

    private final String file;
    private final String bytes;

    SourceText(byte[] text, String file) {
        this.bytes = Bytes.of(text);
        this.file = file;
    }

    /** The text as a byte string. */
    String bytes() {
        return bytes;
    }

    /** {@code file:line:column} of an offset. */
    String position(int offset) {
        return file + ":" + line(offset) + ":" + column(offset);
    }

    SpecException error(int offset, String problem) {
        return new SpecException(file, line(offset), column(offset), problem, excerpt(offset));
    }

    int line(int offset) {
        return 1
                + (int) bytes.substring(0, offset)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }

    private int column(int offset) {
        return 1 + visible(bytes.substring(lineStart(offset), offset)).length;
    }

    private int lineStart(int offset) {
        return bytes.lastIndexOf('\n', offset - 1) + 1;
    }

    /** The line of an offset and a caret under it; a long line is cut to what stands around the caret. */
    private String excerpt(int offset) {
        int start = lineStart(offset);
        int newline = bytes.indexOf('\n', start);
        int end = newline < 0 ? bytes.length() : newline;
        if (end > offset && bytes.charAt(end - 1) == '\r') {
            end--;
        }
        int[] line = visible(bytes.substring(start, end));
        int caret = visible(bytes.substring(start, Math.min(offset, end))).length;
        int from = caret > BEFORE_CARET ? caret - BEFORE_CARET : 0;
        int to = Math.min(line.length, from + EXCERPT);
        StringBuilder text = new StringBuilder();
        StringBuilder below = new StringBuilder();
        if (from > 0) {
            text.append('…');
            below.append(' ');
        }
        for (int i = from; i < to; i++) {
            text.appendCodePoint(line[i]);
            if (i < caret) {
                below.append(line[i] == '\t' ? '\t' : ' ');
            }
        }
        if (to < line.length) {
            text.append('…');
        }
        return text + "\n" + below + "^";
    }

    /** A byte string as a terminal may show it: UTF-8 read, and what is not text (controls but the tab, stray bytes) as U+FFFD. */
    private static int[] visible(String byteString) {
        return Bytes.toText(byteString)
                .codePoints()
                .map(c -> c == '\t' || isVisible(c) ? c : 0xFFFD)
                .toArray();
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** A byte string in quotes for a message: made visible, and cut when long. */
    static String quote(String byteString) {
        int[] text = visible(byteString.length() > 400 ? byteString.substring(0, 400) : byteString);
        int shown = Math.min(text.length, 60);
        return '"' + new String(text, 0, shown).replace('\t', '\uFFFD') + (shown < text.length ? "…" : "") + '"';
    }
}
