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
import java.util.Map;
import java.util.Optional;

/**
 * The program that starts containers.
 *
 * @param program where it is
 * @param withoutCgroups groups are for reading only here, as in a container that has no more rights than it needs: it does without
 */
record OciRuntime(Path program, boolean withoutCgroups) {
    static final String MISSING =
            "runc is not installed; install the package runc (Debian and Ubuntu: apt-get install runc), or use the user sandbox";

    /** How the runtime begins to say that it could not run a container: in its log, and on the container's standard error. */
    static final String COMPLAINT = "runc run failed: ";

    static OciRuntime find(Commands commands) throws HostException {
        Path program = commands.find("runc").orElseThrow(() -> new HostException(MISSING));
        return new OciRuntime(program, !Cgroups.writable());
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
        return withoutCgroups ? command.args("--rootless", "true") : command;
    }

    /** What the runtime says it failed of, read from its log; empty when the exit status is the command's own. */
    static Optional<String> failure(Path log) throws IOException {
        if (!Files.exists(log)) {
            return Optional.empty();
        }
        List<String> errors = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            Map<String, Object> entry = JSON.std.mapFrom(line);
            String message = String.valueOf(entry.get("msg"));
            if ("error".equals(entry.get("level")) && message.startsWith(COMPLAINT)) {
                errors.add(message.substring(COMPLAINT.length()));
            }
        }
        return errors.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", errors));
    }
}
