package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.ProcessDirectory;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.spec.Op;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out whether containers work here by running {@code true} in one that is made of the host's own programs. */
final class RuncProbe {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> PROGRAMS = List.of("bin", "lib", "lib32", "lib64", "libx32", "usr");

    private final Commands commands;
    private final OciRuntime.Kind kind;
    private final ResourceLimits limits;

    /** @param limits that must work, too */
    RuncProbe(Commands commands, OciRuntime.Kind kind, ResourceLimits limits) {
        this.commands = commands;
        this.kind = kind;
        this.limits = limits;
    }

    Optional<String> whyUnsupported() throws IOException {
        commands.run(HostCommand.of("ask " + kind.command() + " for its version", kind.command(), "--version")
                .within(LIMIT));
        Path scratch = Files.createTempDirectory("obuilder-probe");
        try {
            return tryContainer(scratch);
        } finally {
            ProcessDirectory.deleteTree(scratch);
        }
    }

    private Optional<String> tryContainer(Path scratch) throws IOException {
        Path rootfs = Files.createDirectory(scratch.resolve("rootfs"));
        List<Sandbox.CacheDirectory> programs = new ArrayList<>();
        for (String name : PROGRAMS) {
            Path original = Path.of("/", name);
            if (Files.isSymbolicLink(original)) {
                Files.createSymbolicLink(rootfs.resolve(name), Files.readSymbolicLink(original));
            } else if (Files.isDirectory(original)) {
                programs.add(new Sandbox.CacheDirectory(original, "/" + name));
            }
        }
        Sandbox.Command command = new Sandbox.Command(
                List.of("/usr/bin/env", "true"), "/", List.of(), new Op.User.Ids(0, 0), false, programs, List.of());
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (RuncSandbox sandbox =
                new RuncSandbox(commands, scratch.resolve("state"), false, limits, Optional.of(kind.command()))) {
            int status = sandbox.run(command, rootfs, output, new Cancellation());
            return status == 0
                    ? Optional.empty()
                    : Optional.of("a container that runs true ended with exit status " + status + ": " + output);
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }
}
