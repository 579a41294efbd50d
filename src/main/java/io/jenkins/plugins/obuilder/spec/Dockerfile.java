package io.jenkins.plugins.obuilder.spec;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A spec as a Dockerfile, for those who want to try it with Docker: byte for byte the reference's, wherever that one is right.
 *
 * <p>Docker means something else in some places, and this says it as the reference does all the same: a command of several lines becomes
 * one line; {@code COPY} of a directory copies its contents; {@code exclude} and the network are left out; without {@code (shell …)},
 * Docker's own shell runs; without {@code buildkit}, caches and secrets are left out.
 *
 * <p>Where the reference's Dockerfile is not readable or not right, ours is:
 *
 * <ul>
 *   <li>a comment of several lines has a {@code #} on each;
 *   <li>{@code $}, quotes and the escape character are escaped where Docker expands them; blanks and wildcards in {@code COPY} too;
 *   <li>a command that Docker would misread (a here-document, a line that ends in the escape character) stands in the exec form; a line
 *       that continues in the next one is not continued twice, and none is continued into the next instruction;
 *   <li>strings in {@code SHELL} are JSON;
 *   <li>two builds of the same name, or one that no Docker stage may have, get stage names of their own;
 *   <li>a user known by name (Windows) has no {@code uid} in {@code --mount}, where the reference gives up.
 * </ul>
 */
public final class Dockerfile {
    private final boolean buildkit;
    private final Escape escape;
    private final DockerfileWords words;
    private final DockerfileRun run;
    private final StringBuilder out = new StringBuilder();
    private final Set<String> stages = new HashSet<>();

    /** The escape character: a backslash, or the grave accent that Windows paths get along with. */
    public enum Escape {
        UNIX('\\', new Op.User.Ids(0, 0), List.of("/bin/sh", "-c")),
        WINDOWS('`', new Op.User.Name("ContainerAdministrator"), List.of("cmd", "/S", "/C"));

        private final char character;
        private final Op.User root;
        private final List<String> shell;

        Escape(char character, Op.User root, List<String> shell) {
            this.character = character;
            this.root = root;
            this.shell = shell;
        }
    }

    private Dockerfile(boolean buildkit, Escape escape) {
        this.buildkit = buildkit;
        this.escape = escape;
        this.words = new DockerfileWords(escape.character);
        this.run = new DockerfileRun(escape.character);
    }

    /**
     * Prints a spec as a Dockerfile, a byte string; an empty line ends it, as the reference's command prints it.
     *
     * @param buildkit whether to use what only BuildKit understands: caches and secrets
     * @throws DockerfileException when the spec says what no Dockerfile can; the message names the operation
     */
    public static String of(Spec spec, boolean buildkit, Escape escape) throws DockerfileException {
        Dockerfile file = new Dockerfile(buildkit, escape);
        if (escape == Escape.WINDOWS) {
            file.out.append("#escape=`\n");
        }
        file.stage("", spec, Map.of());
        return file.out.append('\n').toString();
    }

    private void stage(String as, Spec spec, Map<String, String> enclosing) throws DockerfileException {
        Map<String, String> stageOf = new HashMap<>(enclosing);
        for (Spec.NestedBuild build : spec.builds()) {
            String name = stageName(build.name());
            stage(" as " + name, build.spec(), stageOf);
            stageOf.put(build.name(), name);
            out.append('\n');
        }
        if (!spec.from().matches("[^\\s$\"'`\\\\]+")) {
            throw new DockerfileException("a Dockerfile cannot name the base image " + SourceText.quote(spec.from()));
        }
        out.append("FROM ").append(spec.from()).append(as).append('\n');
        BuildContext context = new BuildContext(List.of(), "/", escape.shell, escape.root);
        for (Op op : spec.ops()) {
            try {
                instruction(op, context, stageOf);
            } catch (DockerfileException e) {
                String text = Bytes.toText(MachineForm.toString(SexpForm.of(op)));
                throw new DockerfileException(
                        e.getMessage() + ": " + (text.length() > 200 ? text.substring(0, 200) + "…" : text));
            }
            context = context.apply(op);
        }
    }

    /** The build's own name where Docker allows it and it is not taken, whatever its case. */
    private String stageName(String build) {
        String name =
                build.matches("[A-Za-z][A-Za-z0-9_.-]*") ? build : "stage-" + build.replaceAll("[^A-Za-z0-9_.-]", "_");
        String unique = name;
        for (int i = 2; !stages.add(unique.toLowerCase(Locale.ROOT)); i++) {
            unique = name + "-" + i;
        }
        return unique;
    }

    private void instruction(Op op, BuildContext context, Map<String, String> stageOf) throws DockerfileException {
        if (op instanceof Op.Comment comment) {
            out.append("# ").append(comment.text().replace("\r", "").replace("\n", "\n# "));
        } else if (op instanceof Op.Workdir workdir) {
            out.append("WORKDIR ").append(words.argument(workdir.path()));
        } else if (op instanceof Op.Shell shell) {
            if (shell.command().isEmpty()) {
                return; // Commands are programs then, and stand in the exec form.
            }
            out.append("SHELL ").append(DockerfileWords.json(shell.command(), "[ ", " ]"));
        } else if (op instanceof Op.Env env) {
            env(env.variable());
        } else if (op instanceof Op.SetUser setUser) {
            out.append("USER ").append(user(setUser.user()));
        } else if (op instanceof Op.Run command) {
            out.append("RUN ")
                    .append(buildkit ? run.mounts(command, context.user()) : "")
                    .append(run.command(context.shell(), command.command()));
        } else if (op instanceof Op.Copy copy) {
            copy(copy, context.user(), stageOf);
        }
        out.append('\n');
    }

    private void env(EnvVar variable) throws DockerfileException {
        DockerfileWords.refuseLineBreaks(variable.value());
        if (!variable.name().matches("[^\\s$\"'`\\\\=]+")) {
            throw new DockerfileException("a Dockerfile cannot name the variable " + SourceText.quote(variable.name()));
        }
        out.append("ENV ").append(variable.name()).append("=\"").append(words.inQuotes(variable.value()));
        out.append('"');
    }

    private String user(Op.User user) throws DockerfileException {
        return user instanceof Op.User.Ids ids
                ? ids.uid() + ":" + ids.gid()
                : words.argument(((Op.User.Name) user).name());
    }

    private void copy(Op.Copy copy, Op.User user, Map<String, String> stageOf) throws DockerfileException {
        out.append("COPY ");
        if (user instanceof Op.User.Ids ids && (ids.uid() != 0 || ids.gid() != 0)) {
            out.append("--chown=").append(user(user)).append(' ');
        }
        copy.from()
                .ifPresent(build ->
                        out.append("--from=").append(stageOf.get(build)).append(' '));
        out.append(words.copyArguments(copy.sources(), copy.destination()));
    }
}
