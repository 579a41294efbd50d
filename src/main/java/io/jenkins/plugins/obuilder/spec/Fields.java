package io.jenkins.plugins.obuilder.spec;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a form such as {@code (run (cache …) (shell …))}, in any order; unknown and repeated ones are errors. */
final class Fields {
    private final SourceText source;
    private final String form;
    private final Sexp.Items whole;
    private final Map<String, Sexp.Items> byName = new HashMap<>();

    /**
     * @param form what people call the form, for messages
     * @param first the index of the first field in {@code whole}
     */
    Fields(SourceText source, String form, Sexp.Items whole, int first, List<String> known) throws SpecException {
        this.source = source;
        this.form = form;
        this.whole = whole;
        for (Sexp item : whole.items().subList(first, whole.items().size())) {
            if (!(item instanceof Sexp.Items field)
                    || field.items().isEmpty()
                    || !(field.items().get(0) instanceof Sexp.Atom name)) {
                throw source.error(
                        item.offset(),
                        form + " takes fields in parentheses, such as (" + known.get(known.size() - 1) + " …)");
            }
            if (!known.contains(name.text())) {
                throw source.error(
                        name.offset(),
                        form + " has no field " + SourceText.quote(name.text())
                                + Suggestions.sentence(name.text(), known));
            }
            Sexp.Items before = byName.put(name.text(), field);
            if (before != null) {
                throw source.error(
                        name.offset(),
                        "the field " + name.text() + " stands here a second time (the first is on line "
                                + source.line(before.offset()) + ")");
            }
        }
    }

    /** The values of a field that may be absent, which is the same as having none. */
    List<Sexp> values(String name) {
        Sexp.Items field = byName.get(name);
        return field == null
                ? List.of()
                : field.items().subList(1, field.items().size());
    }

    /** The one value of a field. */
    Sexp value(String name) throws SpecException {
        Sexp.Items field = required(name);
        if (field.items().size() != 2) {
            throw source.error(
                    field.offset(),
                    "the field " + name + " takes one value, not "
                            + (field.items().size() - 1));
        }
        return field.items().get(1);
    }

    Optional<Sexp.Items> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Sexp.Items required(String name) throws SpecException {
        Sexp.Items field = byName.get(name);
        if (field == null) {
            throw source.error(whole.offset(), form + " lacks the field (" + name + " …)");
        }
        return field;
    }
}
