package io.jenkins.plugins.obuilder.spec;

import io.jenkins.plugins.obuilder.spec.BoxPrinter.Box;

/**
 * Prints specs, and the lines that stand in a build's log above its operations, byte for byte as the reference does. All texts are byte
 * strings, without a newline at their end. What is printed of a spec reads back equal.
 */
public final class SpecPrinter {
    private SpecPrinter() {}

    /** A spec on one line, for machines. */
    public static String machine(Spec spec) {
        return MachineForm.toString(SexpForm.of(spec));
    }

    /** A spec for people, an operation a line. */
    public static String human(Spec spec) {
        BoxPrinter out = new BoxPrinter();
        out.text("(").open(Box.VERTICAL, 0);
        HumanForm.ops(out, SexpForm.of(spec));
        return out.close().cut().text(")").finish();
    }

    /** {@code (from busybox)}. */
    public static String fromHeading(String base) {
        BoxPrinter out = new BoxPrinter();
        out.text("(from ");
        HumanForm.print(out, Sexp.atom(base));
        return out.text(")").finish();
    }

    /** {@code /src: (run (shell make))}. */
    public static String heading(String workdir, Op op) {
        BoxPrinter out = new BoxPrinter();
        out.open(Box.VERTICAL, 2).text(workdir).text(": ");
        HumanForm.op(out, SexpForm.of(op));
        return out.close().finish();
    }

    /** {@code (build "dev" …)}. */
    public static String buildHeading(String name) {
        return "(build " + Atoms.quoted(name) + Bytes.ofText(" …)");
    }

    /** {@code --> finished "dev"}. */
    public static String finishedNote(String name) {
        return "--> finished " + Atoms.quoted(name);
    }
}
