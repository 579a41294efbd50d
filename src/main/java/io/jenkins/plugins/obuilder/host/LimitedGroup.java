package io.jenkins.plugins.obuilder.host;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A control group whose processes together keep within limits; what runs in groups below it does too. It is a directory in each hierarchy
 * of version 1 that has a controller for one of the limits, or the one of version 2. Kernel: Documentation/admin-guide/cgroup-v1 and
 * cgroup-v2.rst.
 */
public final class LimitedGroup implements Closeable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    /** Takes a number, so many groups, and the command. */
    private static final String JOIN = """
            count=$1
            shift
            while [ "$count" -gt 0 ]; do
                echo $$ >"$1/cgroup.procs" || exit 1
                shift
                count=$((count - 1))
            done
            exec "$@"
            """;

    private static final int PAGE = 4096;

    private final String name;
    private final List<Limit> limits = new ArrayList<>();
    private final Set<Path> members = new LinkedHashSet<>();

    /**
     * One limit, and the file that tells how near the group came to it.
     *
     * @param usage the highest there was, or {@code memory.events}; empty when there is no telling
     * @param most from this on, the limit was reached
     */
    private record Limit(Path group, String description, String usage, long most) {
        boolean reached() throws IOException {
            Path file = group.resolve(usage);
            if (usage.isEmpty() || !Files.isReadable(file)) {
                return false;
            }
            String text = Files.readString(file).trim();
            if (usage.equals("memory.events")) {
                return text.lines().anyMatch(line -> line.startsWith("oom ") && !line.equals("oom 0"));
            }
            return Long.parseLong(text) >= most;
        }
    }

    private LimitedGroup(String name) {
        this.name = name;
    }

    /**
     * Why the commands of steps cannot be limited here; empty when they can.
     *
     * @param name unique on this host
     */
    public static Optional<String> whyRefused(String name, ResourceLimits wanted) {
        try {
            make(name, wanted).close();
            return Optional.empty();
        } catch (HostException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * Makes the group. Without limits it is none, and costs nothing.
     *
     * @param name unique on this host
     * @throws HostException when control groups cannot limit that here; the message is for the user
     */
    public static LimitedGroup make(String name, ResourceLimits wanted) throws HostException {
        return make(name, wanted, Mounts.within(ROOT));
    }

    /** @param mounts where the control groups are */
    static LimitedGroup make(String name, ResourceLimits wanted, List<MountPoint> mounts) throws HostException {
        LimitedGroup group = new LimitedGroup(name);
        if (wanted.isEmpty()) {
            return group;
        }
        // What a process that crashed left has counted other commands.
        Cgroups.remove(name);
        try {
            group.set(wanted, mounts);
            return group;
        } catch (HostException e) {
            Cgroups.remove(name);
            throw e;
        } catch (IOException e) {
            Cgroups.remove(name);
            throw new HostException(
                    "cannot limit what a step uses with a control group: " + e.getMessage()
                            + "; give no limits (memory, pids, cpus) where control groups cannot be had",
                    e);
        }
    }

    private void set(ResourceLimits wanted, List<MountPoint> mounts) throws IOException {
        if (wanted.memory().isPresent()) {
            long bytes = wanted.memory().getAsLong();
            String description = "memory (" + bytes + " bytes)";
            CgroupController memory = find("memory", mounts);
            if (memory.first()) {
                memory.write("memory.limit_in_bytes", bytes);
                memory.writeIfThere("memory.memsw.limit_in_bytes", bytes);
                // Newer kernels count neither failures nor kills of groups below; limits are rounded to pages.
                limits.add(new Limit(memory.group(), description, "memory.max_usage_in_bytes", bytes - PAGE));
            } else {
                memory.write("memory.max", bytes);
                memory.writeIfThere("memory.swap.max", 0);
                // With one process of a pipeline killed, the step might go on and end well: with a wrong result.
                memory.writeIfThere("memory.oom.group", 1);
                limits.add(new Limit(memory.group(), description, "memory.events", 0));
            }
        }
        if (wanted.pids().isPresent()) {
            int most = wanted.pids().getAsInt();
            CgroupController pids = find("pids", mounts);
            pids.write("pids.max", most);
            limits.add(new Limit(pids.group(), "processes (" + most + ")", "pids.peak", most));
        }
        if (wanted.cpus().isPresent()) {
            long quota = ResourceLimits.quota(wanted.cpus().getAsDouble());
            CgroupController cpu = find("cpu", mounts);
            if (cpu.first()) {
                cpu.write("cpu.cfs_period_us", ResourceLimits.PERIOD_MICROSECONDS);
                cpu.write("cpu.cfs_quota_us", quota);
            } else {
                cpu.write("cpu.max", quota + " " + ResourceLimits.PERIOD_MICROSECONDS);
            }
            limits.add(new Limit(cpu.group(), "processors", "", 0));
        }
    }

    private CgroupController find(String controller, List<MountPoint> mounts) throws IOException {
        CgroupController found = CgroupController.find(controller, name, mounts);
        members.add(found.members());
        return found;
    }

    /** A group in this one, as runtimes name it; empty when there are no limits. */
    public Optional<String> below(String child) {
        return isEmpty() ? Optional.empty() : Optional.of("/" + name + "/" + child);
    }

    public boolean isEmpty() {
        return limits.isEmpty();
    }

    /** The command, run in the group: its process joins before it becomes the command. */
    public HostCommand join(HostCommand command) {
        if (isEmpty()) {
            return command;
        }
        List<String> prefix =
                new ArrayList<>(List.of("/bin/sh", "-c", JOIN, "obuilder", Integer.toString(members.size())));
        members.forEach(group -> prefix.add(group.toString()));
        return command.behind(prefix);
    }

    /** What its processes would have used more of, for people. */
    public Optional<String> reached() throws HostException {
        try {
            for (Limit limit : limits) {
                if (limit.reached()) {
                    return Optional.of(limit.description());
                }
            }
            return Optional.empty();
        } catch (IOException | NumberFormatException e) {
            throw new HostException(
                    "cannot read how much the control group " + name + " has used: " + e.getMessage(), e);
        }
    }

    /** Kills what is in it and removes it. */
    @Override
    public void close() throws HostException {
        if (!limits.isEmpty()) {
            Cgroups.remove(name);
        }
    }
}
