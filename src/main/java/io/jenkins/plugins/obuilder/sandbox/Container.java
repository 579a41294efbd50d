package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Cgroups;
import io.jenkins.plugins.obuilder.host.CommandCancelledException;
import io.jenkins.plugins.obuilder.host.CommandResult;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.LinuxMounts;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.ProcessDirectory;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One container: its bundle, its secrets, its run, and the end of it all. */
final class Container implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Container.class);
    private static final String BUNDLES = "bundles";
    private static final String SECRETS = "secrets";

    private final Commands commands;
    private final OciRuntime runtime;
    private final Path stateRoot;
    private final Path bundle;
    private final String id;

    private Container(Commands commands, OciRuntime runtime, Path owner, String id) {
        this.commands = commands;
        this.runtime = runtime;
        this.id = id;
        stateRoot = owner.resolve(runtime.kind().command());
        bundle = owner.resolve(BUNDLES).resolve(id);
    }

    /** @param owner the process' directory; its name, unique in the world, is part of the container's */
    static Container create(Commands commands, OciRuntime runtime, ProcessDirectory owner, long number)
            throws IOException {
        String id = "obuilder-" + owner.path().getFileName() + "-" + number;
        Files.createDirectories(owner.path().resolve(BUNDLES));
        Container container = new Container(commands, runtime, owner.path(), id);
        PrivateFiles.makeDirectory(container.bundle, "rwx------");
        return container;
    }

    /**
     * Those that a process left behind.
     *
     * @param otherwise for a container that no runtime knows
     */
    static List<Container> leftIn(Commands commands, OciRuntime otherwise, ProcessDirectory owner) throws IOException {
        OciRuntime runtime = otherwise;
        for (OciRuntime.Kind kind : OciRuntime.Kind.values()) {
            if (Files.isDirectory(owner.path().resolve(kind.command()))) {
                runtime = OciRuntime.find(commands, kind).orElse(runtime);
            }
        }
        return leftOf(commands, runtime, owner);
    }

    private static List<Container> leftOf(Commands commands, OciRuntime runtime, ProcessDirectory owner)
            throws IOException {
        Path bundles = owner.path().resolve(BUNDLES);
        if (!Files.isDirectory(bundles)) {
            return List.of();
        }
        try (var entries = Files.list(bundles)) {
            return entries.map(bundle -> new Container(
                            commands,
                            runtime,
                            owner.path(),
                            bundle.getFileName().toString()))
                    .toList();
        }
    }

    String id() {
        return id;
    }

    /** Runs the command to its end. */
    int run(
            Sandbox.Command command,
            Path rootfs,
            OciConfig.Host host,
            OciConfig.Group group,
            OutputStream log,
            Cancellation cancellation)
            throws IOException {
        writeSecrets(command.secrets());
        String config = OciConfig.write(command, rootfs, bundle, host, group);
        PrivateFiles.write(
                bundle.resolve("config.json"), config.getBytes(java.nio.charset.StandardCharsets.UTF_8), "rw-------");
        Path runtimeLog = bundle.resolve("log.json");
        CommandOutput output = new CommandOutput(log, runtime.doubt(stateRoot, runtimeLog, id));
        CommandResult result;
        try {
            result = commands.execute(runtime.run("run the step's command", stateRoot, runtimeLog, bundle, id)
                    .streamTo(output)
                    .untilCancelled(cancellation));
        } catch (CommandCancelledException e) {
            throw new Sandbox.CancelledException(e.reason());
        }
        Optional<String> failure = result.succeeded() ? Optional.empty() : runtime.failure(runtimeLog);
        if (failure.isPresent()) {
            throw new HostException(
                    "cannot start the command in a container: " + failure.get() + hint(command, failure.get()));
        }
        output.release();
        return result.status();
    }

    private static String hint(Sandbox.Command command, String failure) {
        if (failure.contains("exec: ") || failure.contains("exec ") || failure.startsWith("executable file ")) {
            return "; the image must have the shell that runs commands, here "
                    + Bytes.toText(command.argv().get(0)) + ": choose one that it has with (shell …)";
        }
        // The last is how runc says that it may make no namespaces.
        if (failure.contains("peration not permitted")
                || failure.contains("ermission denied")
                || failure.contains("child's PID from pipe")) {
            return "; containers need root with the right to mount and to make networks (CAP_SYS_ADMIN, CAP_NET_ADMIN), which a"
                    + " container of docker has with --privileged alone; where that is refused, use the user sandbox";
        }
        return "";
    }

    /** They are in memory, never on the disk, and nobody on the host but root gets at them. */
    private void writeSecrets(List<Sandbox.Secret> secrets) throws IOException {
        if (secrets.isEmpty()) {
            return;
        }
        Path directory = bundle.resolve(SECRETS);
        PrivateFiles.makeDirectory(directory, "rwx------");
        LinuxMounts.tmpfs(directory, "mode=0700");
        for (int i = 0; i < secrets.size(); i++) {
            PrivateFiles.write(
                    directory.resolve(Integer.toString(i)), secrets.get(i).value(), "r--r--r--");
        }
    }

    /** Ends and removes whatever is left. A failure is logged and no more: it must not spoil a finished step. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            if (Files.exists(stateRoot.resolve(id))) {
                commands.execute(runtime.delete(stateRoot, id));
            }
            Cgroups.remove(id);
            Mounts.unmountAll(bundle);
            ProcessDirectory.deleteTree(bundle);
        } catch (IOException e) {
            LOG.warn("cannot clean up after the container {}: {}", id, e.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
