package io.jenkins.plugins.obuilder.spec;

/** How an atom is written: bare where that reads back, otherwise in quotes with OCaml's escapes. */
final class Atoms {
    private Atoms() {}

    static boolean needsQuotes(String text) {
        char before = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '"' || c == '(' || c == ')' || c == ';' || c == '\\') {
                return true;
            }
            if ((c == '|' && before == '#') || (c == '#' && before == '|')) {
                return true;
            }
            before = c;
        }
        return text.isEmpty();
    }

    static String quoted(String text) {
        return '"' + escaped(text) + '"';
    }

    /** The inside of the quotes. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> escaped.append('\\').append(c);
                case '\n' -> escaped.append("\\n");
                case '\t' -> escaped.append("\\t");
                case '\r' -> escaped.append("\\r");
                case '\b' -> escaped.append("\\b");
                default -> {
                    if (c >= ' ' && c <= '~') {
                        escaped.append(c);
                    } else {
                        escaped.append('\\')
                                .append((char) ('0' + c / 100))
                                .append((char) ('0' + c / 10 % 10))
                                .append((char) ('0' + c % 10));
                    }
                }
            }
        }
        return escaped.toString();
    }
}
