package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The command line that runs a step's command as an account, the way a login does, with nothing of our own environment. */
final class UserCommand {
    /** What the account finds before its own profile says otherwise. */
    private static final String PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

    /** Every account's profile, as the reference has it. */
    static final String PROFILE = ".obuilder_profile.sh";

    /**
     * Run by the account's login shell: the profile, then the directory ($1, empty for the home), then the command ($2 and after).
     * Nothing of the step is read as part of this text. Java raises the limit of open files as far as it goes, which makes programs
     * that close them all very slow; the usual one is set again.
     */
    private static final String PRELUDE = """
            umask 022
            ulimit -Sn 1024 2>/dev/null
            . "$HOME/.obuilder_profile.sh" || { echo "obuilder: $HOME/.obuilder_profile.sh failed" >&2; exit 1; }
            if [ -n "$1" ] && ! { cd -- "$1" 2>/dev/null || { mkdir -p -- "$1" && cd -- "$1"; }; }; then
                echo "obuilder: cannot use the working directory $1" >&2
                exit 1
            fi
            shift
            exec env -- "$@"
            """;

    private UserCommand() {}

    /**
     * As whom and with what.
     *
     * @param temporary where temporary files belong
     * @param secrets where the secrets are; empty when there are none
     */
    record Login(String name, int uid, Path home, Path shell, Path temporary, Optional<Path> secrets) {}

    static HostCommand of(Sandbox.Command command, Login login) {
        String id = Integer.toString(login.uid());
        HostCommand line = HostCommand.of("run the step's command", "setpriv", "--reuid=" + id, "--regid=" + id)
                .args("--clear-groups", "--inh-caps=-all", "--")
                .arg(login.shell())
                .args("-l", "-c", PRELUDE, "obuilder")
                .byteArg(directory(command.workdir(), login.home()));
        for (EnvVar variable : command.env()) {
            line = line.byteArg(variable.name() + "=" + variable.value());
        }
        for (String argument : command.argv()) {
            line = line.byteArg(argument);
        }
        line = line.in(login.home())
                .bareEnvironment()
                .env("HOME", Bytes.ofText(login.home().toString()))
                // Where the home is a link the shell would otherwise show where it leads.
                .env("PWD", Bytes.ofText(login.home().toString()))
                .env("USER", login.name())
                .env("LOGNAME", login.name())
                .env("SHELL", Bytes.ofText(login.shell().toString()))
                .env("PATH", PATH)
                .env("TMPDIR", Bytes.ofText(login.temporary().toString()));
        if (command.disk().isPresent()) {
            line = line.behind(
                    List.of("prlimit", "--fsize=" + command.disk().get().bytes()));
        }
        return login.secrets().isPresent()
                ? line.env(
                        "OBUILDER_SECRETS_DIR",
                        Bytes.ofText(login.secrets().get().toString()))
                : line;
    }

    /** The root directory, where every spec begins, stands for the home. */
    private static String directory(String workdir, Path home) {
        return workdir.equals("/") || workdir.equals(Bytes.ofText(home.toString())) ? "" : workdir;
    }
}
