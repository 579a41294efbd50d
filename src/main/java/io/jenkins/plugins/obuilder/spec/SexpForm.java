package io.jenkins.plugins.obuilder.spec;

import static io.jenkins.plugins.obuilder.spec.Sexp.atom;
import static io.jenkins.plugins.obuilder.spec.Sexp.list;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Specs and operations as S-expressions: fields in the reference's order, those left out that say nothing. */
final class SexpForm {
    private SexpForm() {}

    static Sexp.Items of(Spec spec) {
        List<Sexp> items = new ArrayList<>();
        for (Spec.NestedBuild build : spec.builds()) {
            items.add(list(atom("build"), atom(build.name()), of(build.spec())));
        }
        items.add(list(atom("from"), atom(spec.from())));
        spec.ops().forEach(op -> items.add(of(op)));
        return new Sexp.Items(items, 0, 0);
    }

    static Sexp.Items of(Op op) {
        List<Sexp> items = new ArrayList<>();
        if (op instanceof Op.Comment comment) {
            items.add(atom("comment"));
            items.add(atom(comment.text()));
        } else if (op instanceof Op.Workdir workdir) {
            items.add(atom("workdir"));
            items.add(atom(workdir.path()));
        } else if (op instanceof Op.Shell shell) {
            items.add(atom("shell"));
            items.addAll(atoms(shell.command()));
        } else if (op instanceof Op.Env env) {
            items.add(atom("env"));
            items.add(atom(env.variable().name()));
            items.add(atom(env.variable().value()));
        } else if (op instanceof Op.SetUser user) {
            items.add(atom("user"));
            items.addAll(user(user.user()));
        } else if (op instanceof Op.Run run) {
            items.add(atom("run"));
            addField(items, "cache", caches(run.caches()));
            addField(items, "network", atoms(run.network()));
            addField(items, "secrets", secrets(run.secrets()));
            addField(items, "shell", List.of(atom(run.command())));
        } else if (op instanceof Op.Copy copy) {
            items.add(atom("copy"));
            copy.from().ifPresent(name -> items.add(list(atom("from"), list(atom("build"), atom(name)))));
            addField(items, "src", atoms(copy.sources()));
            addField(items, "dst", List.of(atom(copy.destination())));
            addField(items, "exclude", atoms(copy.exclude()));
        }
        return new Sexp.Items(items, 0, 0);
    }

    private static void addField(List<Sexp> items, String name, List<Sexp> values) {
        if (!values.isEmpty()) {
            List<Sexp> field = new ArrayList<>(List.of(atom(name)));
            field.addAll(values);
            items.add(list(field));
        }
    }

    private static List<Sexp> atoms(Collection<String> texts) {
        return texts.stream().map(Sexp::atom).toList();
    }

    private static List<Sexp> user(Op.User user) {
        if (user instanceof Op.User.Ids ids) {
            return List.of(
                    list(atom("uid"), atom(Integer.toString(ids.uid()))),
                    list(atom("gid"), atom(Integer.toString(ids.gid()))));
        }
        return List.of(list(atom("name"), atom(((Op.User.Name) user).name())));
    }

    private static List<Sexp> caches(List<Op.CacheMount> caches) {
        return caches.stream()
                .map(cache -> mount(cache.id(), cache.target(), cache.buildkitOptions()))
                .toList();
    }

    private static List<Sexp> secrets(List<Op.SecretMount> secrets) {
        return secrets.stream()
                .map(secret -> mount(secret.id(), secret.target(), secret.buildkitOptions()))
                .toList();
    }

    private static Sexp mount(String id, String target, Map<String, String> options) {
        List<Sexp> items = new ArrayList<>(List.of(atom(id), list(atom("target"), atom(target))));
        if (!options.isEmpty()) {
            List<Sexp> pairs = options.entrySet().stream()
                    .map(option -> list(atom(option.getKey()), atom(option.getValue())))
                    .toList();
            items.add(list(atom("buildkit_options"), list(pairs)));
        }
        return list(items);
    }
}
