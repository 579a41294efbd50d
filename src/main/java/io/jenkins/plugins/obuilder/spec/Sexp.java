package io.jenkins.plugins.obuilder.spec;

import java.util.List;

/** An S-expression. Texts are byte strings; offsets count bytes from the start of the source (0 where there is none). */
sealed interface Sexp {
    /** Where it begins. */
    int offset();

    /** A word, quoted in the source or not. */
    record Atom(String text, int offset) implements Sexp {}

    /** A list in parentheses; {@code end} is where its closing one stands. */
    record Items(List<Sexp> items, int offset, int end) implements Sexp {
        public Items {
            items = List.copyOf(items);
        }
    }

    static Sexp atom(String text) {
        return new Atom(text, 0);
    }

    static Sexp list(Sexp... items) {
        return new Items(List.of(items), 0, 0);
    }

    static Sexp list(List<? extends Sexp> items) {
        return new Items(List.copyOf(items), 0, 0);
    }
}
