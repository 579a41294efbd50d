package io.jenkins.plugins.obuilder.sandbox;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.obuilder.host.Cgroups;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.HostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The program that starts containers.
 *
 * @param program where it is
 * @param withoutCgroups groups are for reading only here, as in a container that has no more rights than it needs: it does without
 */
record OciRuntime(Kind kind, Path program, boolean withoutCgroups) {
    static final String MISSING =
            "runc is not installed; install the package runc (Debian and Ubuntu: apt-get install runc), or use the user sandbox";

    /** How runc begins to say that it could not run a container: in its log, and on the container's standard error. */
    static final String COMPLAINT = "runc run failed: ";

    /** Which program. */
    enum Kind {
        RUNC,
        CRUN;

        /** What it is called. */
        String command() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The one of this kind; empty when it is not installed. */
    static Optional<OciRuntime> find(Commands commands, Kind kind) throws HostException {
        Optional<Path> program = commands.find(kind.command());
        return program.isEmpty()
                ? Optional.empty()
                : Optional.of(new OciRuntime(kind, program.get(), !Cgroups.writable()));
    }

    static OciRuntime runc(Commands commands) throws HostException {
        return find(commands, Kind.RUNC).orElseThrow(() -> new HostException(MISSING));
    }

    /** Runs a container in the foreground; its exit status is the command's. */
    HostCommand run(String doing, Path root, Path log, Path bundle, String id) {
        return base(doing, root)
                .args("--log")
                .arg(log)
                .args("--log-format", "json", "run", "--bundle")
                .arg(bundle)
                .args(id);
    }

    /** Kills a container if it lives and removes what is left of it; no error when there is none. */
    HostCommand delete(Path root, String id) {
        return base("remove the container " + id, root).args("delete", "--force", id);
    }

    private HostCommand base(String doing, Path root) {
        HostCommand command = HostCommand.of(doing).arg(program).args("--root").arg(root);
        if (!withoutCgroups) {
            return command;
        }
        return kind == Kind.RUNC ? command.args("--rootless", "true") : command.args("--cgroup-manager", "disabled");
    }

    /** Whether what a container's output begins with may be what the runtime itself says. */
    CommandOutput.Doubt doubt(Path root, Path log, String id) {
        return kind == Kind.RUNC
                ? CommandOutput.Doubt.ofBeginning(COMPLAINT)
                : new CrunComplaint(log, root.resolve(id).resolve("status"));
    }

    /** What the runtime says it failed of, read from its log; empty when the exit status is the command's own. */
    Optional<String> failure(Path log) throws IOException {
        if (!Files.exists(log)) {
            return Optional.empty();
        }
        List<String> errors = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            Map<String, Object> entry = JSON.std.mapFrom(line);
            String message = String.valueOf(entry.get("msg"));
            if (!"error".equals(entry.get("level"))) {
                continue;
            }
            if (kind == Kind.CRUN) {
                errors.add(message);
            } else if (message.startsWith(COMPLAINT)) {
                errors.add(message.substring(COMPLAINT.length()));
            }
        }
        return errors.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", errors));
    }
}
