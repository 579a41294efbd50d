package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.MacTools;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The command line that runs a step's command as an account of a Mac: the reference's {@code su -l USER -c -- 'source
 * ~/.obuilder_profile.sh && env … "$0" "$@"'}, with the environment given as arguments rather than as shell text.
 */
final class MacCommand {
    /**
     * Run by the account's login shell: the profile, then the directory ($2, empty for the home), then the command. No {@code exec}: what
     * BSD's su answers when a signal ends its child is 0, so a shell stays that turns it into 128 + n; and it writes the status down ($3),
     * since the shell, too, may be killed.
     */
    private static final String PRELUDE = """
            umask 022
            obuilder_finish() { echo "$1" > "$obuilder_status"; exit "$1"; }
            obuilder_limit=$1 obuilder_directory=$2 obuilder_status=$3
            shift 3
            [ -z "$obuilder_limit" ] || ulimit -u "$obuilder_limit" || obuilder_finish 1
            source ~/.obuilder_profile.sh || { echo "obuilder: $HOME/.obuilder_profile.sh failed" >&2; obuilder_finish 1; }
            if [ -n "$obuilder_directory" ] && ! { cd -- "$obuilder_directory" 2>/dev/null || { mkdir -p -- "$obuilder_directory" && cd -- "$obuilder_directory"; }; }; then
                echo "obuilder: cannot use the working directory $obuilder_directory" >&2
                obuilder_finish 1
            fi
            env "$@"
            obuilder_finish "$?"
            """;

    /** What ulimit counts files in; old shells take twice as much for it. */
    private static final int FILE_BLOCK = 512;

    private MacCommand() {}

    /**
     * As whom and with what.
     *
     * @param temporary where temporary files belong
     * @param status a file for the exit status
     * @param secrets where the secrets are; empty when there are none
     * @param processes how many the account may have
     * @param seatbelt a profile for sandbox-exec
     */
    record Login(
            String name,
            Path home,
            Path temporary,
            Path status,
            Optional<Path> secrets,
            OptionalInt processes,
            Optional<String> seatbelt) {}

    static HostCommand of(Sandbox.Command command, Login login) {
        String limit = login.processes().isPresent()
                ? Integer.toString(login.processes().getAsInt())
                : "";
        HostCommand line = MacTools.login("run the step's command", login.name())
                .args(PRELUDE, "obuilder", limit)
                .byteArg(directory(command.workdir(), login.home()))
                .arg(login.status())
                .args("TMPDIR=" + login.temporary() + "/");
        if (login.secrets().isPresent()) {
            line = line.args("OBUILDER_SECRETS_DIR=" + login.secrets().get());
        }
        for (EnvVar variable : command.env()) {
            line = line.byteArg(variable.name() + "=" + variable.value());
        }
        if (login.seatbelt().isPresent()) {
            line = line.args("sandbox-exec", "-p", login.seatbelt().get());
        }
        if (command.disk().isPresent()) {
            line = line.args(
                    "/bin/sh",
                    "-c",
                    "ulimit -f \"$0\" && exec \"$@\"",
                    Long.toString(1 + command.disk().get().bytes() / FILE_BLOCK));
        }
        for (String argument : command.argv()) {
            line = line.byteArg(argument);
        }
        return line;
    }

    /** The root directory, where every spec begins, stands for the home. */
    private static String directory(String workdir, Path home) {
        return workdir.equals("/") || workdir.equals(Bytes.ofText(home.toString())) ? "" : workdir;
    }
}
