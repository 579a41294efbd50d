package io.jenkins.plugins.obuilder.spec;

import java.util.ArrayList;
import java.util.List;

/**
 * What the operations before a step have set up for it. All texts are byte strings.
 *
 * @param env the environment: the latest {@code env} operation first, the base image's own at the end
 * @param workdir absolute, as written: not normalised
 * @param shell the program and arguments that take a command as their last
 */
public record BuildContext(List<EnvVar> env, String workdir, List<String> shell, Op.User user) {
    /** The shell where neither the spec nor the sandbox says another. */
    public static final List<String> DEFAULT_SHELL = List.of("/usr/bin/env", "bash", "-c");

    public BuildContext {
        env = List.copyOf(env);
        shell = List.copyOf(shell);
    }

    /** Where every stage starts: in {@code /}, as root, with the base image's environment. */
    public static BuildContext initial(List<EnvVar> baseEnv, List<String> shell) {
        return new BuildContext(baseEnv, "/", shell, new Op.User.Ids(0, 0));
    }

    /** The context behind an operation; {@code run}, {@code copy} and {@code comment} change nothing. */
    public BuildContext apply(Op op) {
        if (op instanceof Op.Workdir workdir) {
            return new BuildContext(env, join(workdir.path()), shell, user);
        } else if (op instanceof Op.Shell newShell) {
            return new BuildContext(env, workdir, newShell.command(), user);
        } else if (op instanceof Op.Env variable) {
            return new BuildContext(with(variable.variable()), workdir, shell, user);
        } else if (op instanceof Op.SetUser newUser) {
            return new BuildContext(env, workdir, shell, newUser.user());
        }
        return this;
    }

    private String join(String path) {
        return path.startsWith("/") || isWindowsPath(path) ? path : CopyPaths.join(workdir, path);
    }

    private static boolean isWindowsPath(String path) {
        return path.matches("(?s)[A-Za-z]:[/\\\\].*");
    }

    /** The variable in front, and the first earlier one of its name gone. */
    private List<EnvVar> with(EnvVar variable) {
        List<EnvVar> result = new ArrayList<>(env);
        for (int i = 0; i < result.size(); i++) {
            if (result.get(i).name().equals(variable.name())) {
                result.remove(i);
                break;
            }
        }
        result.add(0, variable);
        return result;
    }
}
