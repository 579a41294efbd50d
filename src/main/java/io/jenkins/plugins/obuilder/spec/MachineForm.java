package io.jenkins.plugins.obuilder.spec;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Writes S-expressions as sexplib's {@code to_string_mach} does, the form that snapshot ids are digests of: a blank only between two
 * neighbouring atoms that are both unquoted. Written piece by piece, so that nothing large need be held.
 */
final class MachineForm {
    /** Takes the written bytes, each time as a byte string. */
    @FunctionalInterface
    interface Sink {
        void write(String byteString);
    }

    private final Sink sink;
    private boolean lastWasBareAtom;

    MachineForm(Sink sink) {
        this.sink = sink;
    }

    MachineForm open() {
        sink.write("(");
        lastWasBareAtom = false;
        return this;
    }

    MachineForm close() {
        sink.write(")");
        lastWasBareAtom = false;
        return this;
    }

    MachineForm atom(String text) {
        boolean bare = !Atoms.needsQuotes(text);
        if (bare && lastWasBareAtom) {
            sink.write(" ");
        }
        sink.write(bare ? text : Atoms.quoted(text));
        lastWasBareAtom = bare;
        return this;
    }

    MachineForm atoms(Iterable<String> texts) {
        texts.forEach(this::atom);
        return this;
    }

    MachineForm sexp(Sexp sexp) {
        Deque<Iterator<Sexp>> open = new ArrayDeque<>();
        Sexp next = sexp;
        while (true) {
            if (next instanceof Sexp.Atom atom) {
                atom(atom.text());
            } else if (next instanceof Sexp.Items list) {
                open();
                open.push(list.items().iterator());
            }
            while (!open.isEmpty() && !open.element().hasNext()) {
                close();
                open.pop();
            }
            if (open.isEmpty()) {
                return this;
            }
            next = open.element().next();
        }
    }

    static String toString(Sexp sexp) {
        StringBuilder text = new StringBuilder();
        new MachineForm(text::append).sexp(sexp);
        return text.toString();
    }
}
