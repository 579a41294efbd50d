package io.jenkins.plugins.obuilder.spec;

import java.util.ArrayList;
import java.util.List;

/** Reads atoms and checks what they are to be. */
final class Texts {
    private final SourceText source;

    Texts(SourceText source) {
        this.source = source;
    }

    /** An atom's text, whatever it is. */
    Sexp.Atom atom(Sexp sexp, String what) throws SpecException {
        if (sexp instanceof Sexp.Atom atom) {
            return atom;
        }
        throw source.error(sexp.offset(), what + " must be a word or a string, not a list");
    }

    /** A text that reaches the operating system, which ends texts at a NUL byte. */
    String plain(Sexp sexp, String what) throws SpecException {
        Sexp.Atom atom = atom(sexp, what);
        if (atom.text().indexOf('\0') >= 0) {
            throw source.error(atom.offset(), what + " contains a NUL byte");
        }
        return atom.text();
    }

    String nonEmpty(Sexp sexp, String what) throws SpecException {
        String text = plain(sexp, what);
        if (text.isEmpty()) {
            throw source.error(sexp.offset(), what + " is empty");
        }
        return text;
    }

    List<String> nonEmptyAll(List<Sexp> sexps, String what) throws SpecException {
        List<String> texts = new ArrayList<>();
        for (Sexp sexp : sexps) {
            texts.add(nonEmpty(sexp, what));
        }
        return texts;
    }

    /** A uid or gid: decimal, 0 to 2147483647. */
    int accountNumber(Sexp sexp, String what) throws SpecException {
        String text = atom(sexp, "the " + what).text();
        if (text.matches("[0-9]{1,18}") && Long.parseLong(text) <= Integer.MAX_VALUE) {
            return Integer.parseInt(text);
        }
        throw source.error(
                sexp.offset(),
                "the " + what + " must be a number from 0 to " + Integer.MAX_VALUE + ", not " + SourceText.quote(text));
    }

    String envName(Sexp sexp) throws SpecException {
        String name = nonEmpty(sexp, "the name of an environment variable");
        if (name.indexOf('=') >= 0) {
            throw source.error(sexp.offset(), "the name of an environment variable cannot contain \"=\"");
        }
        return name;
    }
}
