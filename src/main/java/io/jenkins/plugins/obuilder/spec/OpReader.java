package io.jenkins.plugins.obuilder.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one operation. */
final class OpReader {
    static final List<String> NAMES = List.of("run", "copy", "workdir", "shell", "env", "user", "comment");
    private static final List<String> MOUNT_FIELDS = List.of("buildkit_options", "target");

    private final SourceText source;
    private final SpecSource positions;
    private final Texts texts;

    OpReader(SourceText source, SpecSource positions) {
        this.source = source;
        this.positions = positions;
        this.texts = new Texts(source);
    }

    /**
     * @param name the list's first item
     * @param builds the nested builds that a {@code copy} may name here
     */
    Op read(Sexp.Items list, Sexp.Atom name, Set<String> builds) throws SpecException {
        List<Sexp> arguments = list.items().subList(1, list.items().size());
        Op op = switch (name.text()) {
            case "comment" ->
                new Op.Comment(
                        texts.atom(only(list, "(comment TEXT)"), "a comment").text());
            case "workdir" ->
                new Op.Workdir(texts.nonEmpty(only(list, "(workdir DIRECTORY)"), "the working directory"));
            case "shell" -> shell(arguments);
            case "env" -> env(list);
            case "user" -> new Op.SetUser(user(list));
            case "run" -> run(list);
            case "copy" -> copy(list, builds);
            default ->
                throw source.error(
                        name.offset(),
                        "unknown operation " + SourceText.quote(name.text())
                                + Suggestions.sentence(name.text(), NAMES));
        };
        return positions.remember(op, list);
    }

    private Sexp only(Sexp.Items list, String usage) throws SpecException {
        return arguments(list, 1, usage).get(0);
    }

    private List<Sexp> arguments(Sexp.Items list, int count, String usage) throws SpecException {
        if (list.items().size() != count + 1) {
            throw source.error(list.offset(), "write " + usage);
        }
        return list.items().subList(1, count + 1);
    }

    private Op shell(List<Sexp> arguments) throws SpecException {
        List<String> command = new ArrayList<>();
        for (Sexp argument : arguments) {
            command.add(
                    command.isEmpty()
                            ? texts.nonEmpty(argument, "the program of the shell")
                            : texts.plain(argument, "an argument of the shell"));
        }
        return new Op.Shell(command);
    }

    private Op env(Sexp.Items list) throws SpecException {
        List<Sexp> pair = arguments(list, 2, "(env NAME VALUE)");
        return new Op.Env(new EnvVar(
                texts.envName(pair.get(0)), texts.plain(pair.get(1), "the value of an environment variable")));
    }

    private Op.User user(Sexp.Items list) throws SpecException {
        Fields fields = new Fields(source, "user", list, 1, List.of("name", "gid", "uid"));
        Optional<Sexp.Items> name = fields.find("name");
        if (name.isEmpty()) {
            return new Op.User.Ids(
                    texts.accountNumber(fields.value("uid"), "uid"), texts.accountNumber(fields.value("gid"), "gid"));
        }
        if (list.items().size() > 2) {
            throw source.error(
                    list.offset(), "write (user (uid NUMBER) (gid NUMBER)) or, for Windows, (user (name NAME))");
        }
        return new Op.User.Name(texts.nonEmpty(fields.value("name"), "the name of the user"));
    }

    private Op run(Sexp.Items list) throws SpecException {
        if (list.items().size() == 2 && list.items().get(1) instanceof Sexp.Atom command) {
            throw source.error(command.offset(), "the command of run stands in a field: write (run (shell \"…\"))");
        }
        Fields fields = new Fields(source, "run", list, 1, List.of("cache", "network", "secrets", "shell"));
        List<Op.CacheMount> caches = new ArrayList<>();
        for (Sexp cache : fields.values("cache")) {
            Mount mount = mount(cache, "cache");
            caches.add(positions.remember(new Op.CacheMount(mount.id, mount.target, mount.options), cache));
        }
        List<Op.SecretMount> secrets = new ArrayList<>();
        for (Sexp secret : fields.values("secrets")) {
            Mount mount = mount(secret, "secret");
            secrets.add(positions.remember(new Op.SecretMount(mount.id, mount.target, mount.options), secret));
        }
        return new Op.Run(
                caches, network(fields.values("network")), secrets, texts.plain(fields.value("shell"), "the command"));
    }

    private List<String> network(List<Sexp> values) throws SpecException {
        List<String> networks = texts.nonEmptyAll(values, "the name of a network");
        for (int i = 0; i < networks.size(); i++) {
            if (!networks.get(i).equals("host")) {
                throw source.error(
                        values.get(i).offset(),
                        "unknown network " + SourceText.quote(networks.get(i))
                                + "; the only one is host, and without (network …) a command has none");
            } else if (i > 0) {
                throw source.error(values.get(i).offset(), "the network host is named a second time");
            }
        }
        return networks;
    }

    private record Mount(String id, String target, Map<String, String> options) {}

    private Mount mount(Sexp sexp, String what) throws SpecException {
        if (!(sexp instanceof Sexp.Items list) || list.items().isEmpty()) {
            throw source.error(sexp.offset(), "a " + what + " is written (ID (target PATH))");
        }
        String id = texts.nonEmpty(list.items().get(0), "the id of the " + what);
        Fields fields = new Fields(source, "a " + what, list, 1, MOUNT_FIELDS);
        return new Mount(
                id,
                texts.nonEmpty(fields.value("target"), "the target of the " + what),
                options(fields.values("buildkit_options")));
    }

    /** The reference wants its pairs in one list, {@code (buildkit_options ((K V) …))}; without that list they read as well. */
    private Map<String, String> options(List<Sexp> values) throws SpecException {
        boolean inOneList = values.size() == 1
                && values.get(0) instanceof Sexp.Items list
                && list.items().stream().allMatch(Sexp.Items.class::isInstance);
        Map<String, String> options = new LinkedHashMap<>();
        for (Sexp pair : inOneList ? ((Sexp.Items) values.get(0)).items() : values) {
            if (!(pair instanceof Sexp.Items list) || list.items().size() != 2) {
                throw source.error(pair.offset(), "an option for BuildKit is written (NAME VALUE)");
            }
            String name = texts.nonEmpty(list.items().get(0), "the name of an option for BuildKit");
            if (options.put(name, texts.plain(list.items().get(1), "the value of an option for BuildKit")) != null) {
                throw source.error(pair.offset(), "the option " + SourceText.quote(name) + " is given a second time");
            }
        }
        return options;
    }

    private Op copy(Sexp.Items list, Set<String> builds) throws SpecException {
        Fields fields = new Fields(source, "copy", list, 1, List.of("from", "exclude", "dst", "src"));
        Sexp.Items sources = fields.required("src");
        List<Sexp> values = fields.values("src");
        if (values.isEmpty()) {
            throw source.error(sources.offset(), "copy has no source; write (src .) for the whole directory");
        }
        for (Sexp value : values) {
            checkSource(value);
        }
        String destination = texts.nonEmpty(fields.value("dst"), "the destination");
        if (values.size() > 1 && !destination.endsWith("/")) {
            throw source.error(
                    fields.value("dst").offset(),
                    "to copy several sources, the destination must be a directory: let it end with /");
        }
        Optional<String> from = fields.find("from").isPresent() ? from(fields.value("from"), builds) : Optional.empty();
        return new Op.Copy(
                from,
                texts.nonEmptyAll(values, "a source"),
                destination,
                texts.nonEmptyAll(fields.values("exclude"), "a name to exclude"));
    }

    private void checkSource(Sexp value) throws SpecException {
        String path = texts.atom(value, "a source").text();
        if (path.isEmpty()) {
            throw source.error(value.offset(), "a source is empty; write . for the whole directory");
        }
        try {
            CopyPaths.source(path);
        } catch (IllegalArgumentException e) {
            throw source.error(value.offset(), e.getMessage());
        }
    }

    private Optional<String> from(Sexp value, Set<String> builds) throws SpecException {
        if (value instanceof Sexp.Atom atom) {
            if (atom.text().equals("context")) {
                return Optional.empty();
            }
            throw source.error(value.offset(), "to copy from a nested build, write (from (build NAME))");
        }
        List<Sexp> items = ((Sexp.Items) value).items();
        if (items.size() != 2
                || !(items.get(0) instanceof Sexp.Atom word)
                || !word.text().equals("build")) {
            throw source.error(value.offset(), "to copy from a nested build, write (from (build NAME))");
        }
        Sexp.Atom name = texts.atom(items.get(1), "the name of a build");
        if (!builds.contains(name.text())) {
            throw source.error(
                    name.offset(),
                    "no build " + SourceText.quote(name.text()) + " stands before this"
                            + Suggestions.sentence(name.text(), builds));
        }
        return Optional.of(name.text());
    }
}
