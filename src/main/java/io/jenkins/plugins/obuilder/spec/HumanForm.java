package io.jenkins.plugins.obuilder.spec;

import io.jenkins.plugins.obuilder.spec.BoxPrinter.Box;
import java.util.List;

/** How S-expressions are laid out for people: as sexplib's {@code to_string_hum} does, and operations as the reference does. */
final class HumanForm {
    private HumanForm() {}

    /** As {@code to_string_hum}. */
    static String toString(Sexp sexp) {
        if (sexp instanceof Sexp.Atom atom && atom.text().indexOf('\n') < 0) {
            return MachineForm.toString(sexp);
        }
        BoxPrinter out = new BoxPrinter();
        print(out, sexp);
        return out.finish();
    }

    static void print(BoxPrinter out, Sexp sexp) {
        if (sexp instanceof Sexp.Atom atom) {
            atom(out, atom.text());
            return;
        }
        List<Sexp> items = ((Sexp.Items) sexp).items();
        if (items.isEmpty()) {
            out.text("()");
            return;
        }
        out.open(Box.STRUCTURAL, 1).text("(");
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                out.space();
            }
            print(out, items.get(i));
        }
        out.text(")").close();
    }

    /** A text of several lines is shown as such: each line but the first begins with the {@code \n} that ends the one before. */
    private static void atom(BoxPrinter out, String text) {
        int newline = text.indexOf('\n');
        if (!Atoms.needsQuotes(text)) {
            out.text(text);
        } else if (newline < 0 || newline == text.length() - 1) {
            out.text(Atoms.quoted(text));
        } else {
            out.open(Box.STRUCTURAL, 0).text(" \"");
            String[] lines = text.split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                if (i > 0) {
                    out.text("\\").newline().text("\\n");
                }
                out.text(Atoms.escaped(lines[i]));
            }
            out.text("\"").close();
        }
    }

    /** Without breaks, but for those inside of texts. */
    private static void oneLine(BoxPrinter out, Sexp sexp) {
        out.open(Box.HORIZONTAL, 0);
        flat(out, sexp);
        out.close();
    }

    private static void flat(BoxPrinter out, Sexp sexp) {
        if (sexp instanceof Sexp.Atom) {
            print(out, sexp);
            return;
        }
        out.text("(");
        List<Sexp> items = ((Sexp.Items) sexp).items();
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                out.space();
            }
            flat(out, items.get(i));
        }
        out.text(")");
    }

    /** An operation, or a nested build. */
    static void op(BoxPrinter out, Sexp.Items op) {
        List<Sexp> items = op.items();
        String name = ((Sexp.Atom) items.get(0)).text();
        switch (name) {
            case "build" -> {
                out.text("(build ").open(Box.VERTICAL, 0);
                print(out, items.get(1));
                out.cut().text("(").open(Box.VERTICAL, 0);
                ops(out, (Sexp.Items) items.get(2));
                out.close().text(")").close().text(")");
            }
            case "run", "copy" -> {
                boolean copy = name.equals("copy");
                out.text("(" + name + " ").open(copy ? Box.ALL_OR_NONE : Box.VERTICAL, 0);
                for (int i = 1; i < items.size(); i++) {
                    if (i > 1 && copy) {
                        out.space();
                    } else if (i > 1) {
                        out.cut();
                    }
                    oneLine(out, items.get(i));
                }
                out.close().text(")");
            }
            default -> oneLine(out, op);
        }
    }

    static void ops(BoxPrinter out, Sexp.Items spec) {
        for (int i = 0; i < spec.items().size(); i++) {
            if (i > 0) {
                out.cut();
            }
            op(out, (Sexp.Items) spec.items().get(i));
        }
    }
}
