package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Cgroups;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.LimitedGroup;
import io.jenkins.plugins.obuilder.host.ProcessDirectory;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.spec.Op;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs commands in containers of their own, made by runc or, where it works, by crun, which is faster: fresh process, mount, IPC and host-name namespaces, and a network with
 * nothing but a loopback unless the command asks for the host's.
 */
public final class RuncSandbox implements Sandbox {
    private final Commands commands;
    private final Path state;
    private final boolean fastSync;
    private final ResourceLimits limits;
    private final AtomicLong containers = new AtomicLong();
    private final RuntimeChoice choice;
    private ProcessDirectory directory;

    /**
     * Does nothing yet.
     *
     * @param state a directory of the store's, for bundles and the runtime's state; made when needed
     * @param fastSync whether the commands' calls to sync do nothing
     * @param limits of each command
     */
    public RuncSandbox(Commands commands, Path state, boolean fastSync, ResourceLimits limits) {
        this(commands, state, fastSync, limits, Optional.empty());
    }

    /** @param runtime {@code runc} or {@code crun}; empty: the better one of those that work */
    public RuncSandbox(
            Commands commands, Path state, boolean fastSync, ResourceLimits limits, Optional<String> runtime) {
        choice = new RuntimeChoice(commands, state.resolveSibling("runtime"), runtime);
        this.commands = commands;
        this.state = state;
        this.fastSync = fastSync;
        this.limits = limits;
    }

    @Override
    public String kind() {
        return "runc";
    }

    @Override
    public String description() throws IOException {
        return kind() + ", containers by " + choice.made().program();
    }

    @Override
    public Optional<String> whyUnsupported() {
        try {
            return new RuncProbe(commands, choice.made().kind(), limits).whyUnsupported();
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public void adopt(Path rootfs) {
        // A container's root can be of any owners and contents.
    }

    @Override
    public int run(Command command, Path rootfs, OutputStream log, Cancellation cancellation) throws IOException {
        OciRuntime runtime = choice.made();
        OciConfig.Host host =
                new OciConfig.Host(Cgroups.mounted(), Cgroups.unified() && !runtime.withoutCgroups(), fastSync);
        try (Container container = Container.create(commands, runtime, directory(), containers.incrementAndGet());
                LimitedGroup group = LimitedGroup.make(container.id(), limits)) {
            int status = container.run(command, rootfs, host, cgroup(container, group, host), log, cancellation);
            Optional<String> reached = status == 0 ? Optional.empty() : group.reached();
            if (reached.isPresent()) {
                throw new LimitReachedException(status, reached.get());
            }
            return status;
        }
    }

    /** With groups of the second version, runc's choice would depend on where the engine runs: then who repairs would not find it. */
    private OciConfig.Group cgroup(Container container, LimitedGroup limited, OciConfig.Host host) {
        Optional<String> path = limited.below("container");
        return new OciConfig.Group(path.isEmpty() && host.unified() ? Optional.of("/" + container.id()) : path, limits);
    }

    @Override
    public CopyTarget copyTarget(String absolutePath, Op.User.Ids user) {
        return new CopyTarget(absolutePath.replaceFirst("^/+", ""), user.uid(), user.gid());
    }

    @Override
    public List<String> sweep() throws IOException {
        List<String> removed = new ArrayList<>();
        List<ProcessDirectory> abandoned = ProcessDirectory.abandoned(state);
        if (abandoned.isEmpty()) {
            return removed;
        }
        OciRuntime runtime = choice.made();
        for (ProcessDirectory owner : abandoned) {
            try (owner) {
                for (Container container : Container.leftIn(commands, runtime, owner)) {
                    container.close();
                    removed.add("the container " + container.id());
                }
            }
        }
        return removed;
    }

    /** Removes this process' directory. No command may be running. */
    @Override
    public synchronized void close() throws IOException {
        if (directory != null) {
            directory.close();
            directory = null;
        }
    }

    private synchronized ProcessDirectory directory() throws IOException {
        if (directory == null) {
            directory = ProcessDirectory.create(state);
        }
        return directory;
    }
}
