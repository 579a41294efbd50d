package io.jenkins.plugins.obuilder.spec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a spec, and refuses what could only fail later: names of builds and networks that do not exist, NUL bytes in what reaches the
 * operating system, sources that leave their directory, several sources for one file.
 *
 * <p>Two nested builds of one spec cannot have the same name: the reference lets the second hide the first, which nobody can mean. A
 * build inside a build may be named like one outside, and hides it there.
 */
public final class SpecReader {
    private final SourceText source;
    private final SpecSource positions;
    private final OpReader ops;

    private SpecReader(SourceText source) {
        this.source = source;
        this.positions = new SpecSource(source);
        this.ops = new OpReader(source, positions);
    }

    /** A spec and where its parts stand. */
    public record Result(Spec spec, SpecSource source) {}

    /**
     * Reads a spec.
     *
     * @param fileName for error messages
     * @throws SpecException when it is not a spec; the message says where and why
     */
    public static Spec read(byte[] text, String fileName) throws SpecException {
        return readWithSource(text, fileName).spec();
    }

    /** Reads a spec and remembers where its parts stand, for errors that are found later; otherwise as {@link #read}. */
    public static Result readWithSource(byte[] text, String fileName) throws SpecException {
        SpecReader reader = new SpecReader(new SourceText(text, fileName));
        Spec spec = reader.readFile();
        return new Result(spec, reader.positions);
    }

    private Spec readFile() throws SpecException {
        List<Sexp> all = SexpReader.readAll(source);
        if (all.isEmpty()) {
            throw source.error(0, "the file holds no spec; the shortest is ((from IMAGE))");
        }
        Sexp first = all.get(0);
        if (!(first instanceof Sexp.Items list)) {
            throw source.error(first.offset(), "a spec is a list: ((from IMAGE) …)");
        }
        if (!list.items().isEmpty() && list.items().get(0) instanceof Sexp.Atom) {
            throw source.error(
                    first.offset(), "a spec is a list of lists: put parentheses around all of it, ((from IMAGE) …)");
        }
        if (all.size() > 1) {
            throw source.error(all.get(1).offset(), "something follows the spec; a file holds one");
        }
        return spec(list, Set.of());
    }

    /** @param enclosing the builds that stand before this spec in those around it */
    private Spec spec(Sexp.Items list, Set<String> enclosing) throws SpecException {
        List<Spec.NestedBuild> builds = new ArrayList<>();
        List<Op> steps = new ArrayList<>();
        Set<String> visible = new LinkedHashSet<>(enclosing);
        Map<String, Sexp> own = new HashMap<>();
        String from = null;
        for (Sexp item : list.items()) {
            if (!(item instanceof Sexp.Items form)
                    || form.items().isEmpty()
                    || !(form.items().get(0) instanceof Sexp.Atom name)) {
                throw source.error(item.offset(), "an operation is written (NAME …), such as (run (shell \"…\"))");
            }
            switch (name.text()) {
                case "build" -> {
                    if (from != null) {
                        throw source.error(item.offset(), "nested builds stand before (from …)");
                    }
                    Spec.NestedBuild build = build(form, visible);
                    Sexp before = own.put(build.name(), item);
                    if (before != null) {
                        throw source.error(
                                form.items().get(1).offset(),
                                "a build of this name stands already on line " + source.line(before.offset()));
                    }
                    visible.add(build.name());
                    builds.add(build);
                }
                case "from" -> {
                    if (from != null) {
                        throw source.error(item.offset(), "a spec has one (from …)");
                    }
                    from = from(form);
                }
                default -> {
                    if (from == null && OpReader.NAMES.contains(name.text())) {
                        throw source.error(item.offset(), "operations stand after (from IMAGE)");
                    } else if (from == null) {
                        throw source.error(
                                name.offset(),
                                "expected (build …) or (from …), not " + SourceText.quote(name.text())
                                        + Suggestions.sentence(name.text(), List.of("build", "from")));
                    }
                    steps.add(ops.read(form, name, visible));
                }
            }
        }
        if (from == null) {
            throw source.error(list.end(), "the spec ends without (from IMAGE)");
        }
        return positions.remember(new Spec(builds, from, steps), list);
    }

    private Spec.NestedBuild build(Sexp.Items form, Set<String> visible) throws SpecException {
        if (form.items().size() != 3 || !(form.items().get(2) instanceof Sexp.Items spec)) {
            throw source.error(form.offset(), "write (build NAME ((from IMAGE) …)), all of the build in one list");
        }
        String name = new Texts(source)
                .atom(form.items().get(1), "the name of a build")
                .text();
        return new Spec.NestedBuild(name, spec(spec, visible));
    }

    private String from(Sexp.Items form) throws SpecException {
        if (form.items().size() != 2) {
            throw source.error(form.offset(), "write (from IMAGE)");
        }
        return new Texts(source).nonEmpty(form.items().get(1), "the name of the base image");
    }
}
