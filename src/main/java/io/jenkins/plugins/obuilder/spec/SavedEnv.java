package io.jenkins.plugins.obuilder.spec;

import java.util.ArrayList;
import java.util.List;

/**
 * The environment of a base image as a store keeps it beside each snapshot, {@code ((env ((NAME VALUE) …)))}, for all steps that follow
 * from it. Written as the reference writes it; both read each other's.
 */
public final class SavedEnv {
    private SavedEnv() {}

    /**
     * Reads a saved environment.
     *
     * @param fileName for error messages
     * @throws SpecException when it is something else
     */
    public static List<EnvVar> read(byte[] text, String fileName) throws SpecException {
        SourceText source = new SourceText(text, fileName);
        List<Sexp> all = SexpReader.readAll(source);
        if (all.size() != 1
                || !(all.get(0) instanceof Sexp.Items whole)
                || whole.items().size() != 1
                || !(whole.items().get(0) instanceof Sexp.Items field)
                || field.items().size() != 2
                || !(field.items().get(0) instanceof Sexp.Atom name)
                || !name.text().equals("env")
                || !(field.items().get(1) instanceof Sexp.Items pairs)) {
            throw source.error(
                    all.isEmpty() ? 0 : all.get(0).offset(), "not a saved environment, ((env ((NAME VALUE) …)))");
        }
        List<EnvVar> env = new ArrayList<>();
        for (Sexp pair : pairs.items()) {
            if (!(pair instanceof Sexp.Items items)
                    || items.items().size() != 2
                    || !(items.items().get(0) instanceof Sexp.Atom variable)
                    || !(items.items().get(1) instanceof Sexp.Atom value)) {
                throw source.error(pair.offset(), "a variable is written (NAME VALUE)");
            }
            env.add(new EnvVar(variable.text(), value.text()));
        }
        return List.copyOf(env);
    }

    /** What to write: a byte string, without a newline at its end. */
    public static String print(List<EnvVar> env) {
        List<Sexp> pairs = env.stream()
                .map(variable -> Sexp.list(Sexp.atom(variable.name()), Sexp.atom(variable.value())))
                .toList();
        return HumanForm.toString(Sexp.list(Sexp.list(Sexp.atom("env"), Sexp.list(pairs))));
    }
}
