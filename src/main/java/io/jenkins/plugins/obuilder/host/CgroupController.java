package io.jenkins.plugins.obuilder.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A controller, and the group that was made for it in its hierarchy.
 *
 * @param first whether it is of version 1
 * @param group where its limits are set
 * @param members where processes go that are to keep within them: in version 2 a group that hands controllers on has none of its own
 */
record CgroupController(boolean first, Path group, Path members) {
    /** What the limited processes of version 2 are in, other than containers. */
    private static final String COMMAND = "command";

    /** systemd may turn a controller off between our turning it on and our first use of it. */
    private static final int ROUNDS = 5;

    /**
     * Makes the group, or takes the one that was made for another controller.
     *
     * @param name of the group
     * @param mounts of control groups
     * @throws IOException when there is no such controller, or it cannot be had; the message is for the user
     */
    static CgroupController find(String controller, String name, List<MountPoint> mounts) throws IOException {
        for (MountPoint mount : mounts) {
            if (mount.type().equals("cgroup")
                    && List.of(mount.superOptions().split(",")).contains(controller)) {
                Path group = Path.of(mount.path()).resolve(name);
                makeDirectories(group);
                return new CgroupController(true, group, group);
            }
        }
        for (MountPoint mount : mounts) {
            Path hierarchy = Path.of(mount.path());
            if (mount.type().equals("cgroup2")
                    && List.of(Files.readString(hierarchy.resolve("cgroup.controllers"))
                                    .trim()
                                    .split(" "))
                            .contains(controller)) {
                return second(controller, hierarchy, hierarchy.resolve(name));
            }
        }
        throw new IOException("there is no controller for " + controller
                + " here: the kernel lacks it, or what this runs in (a container, a service) was not given it");
    }

    /** Turned on for a group below ours, it stays: systemd turns off for the others what none of its units needs, such as cpu. */
    private static CgroupController second(String controller, Path hierarchy, Path group) throws IOException {
        for (int round = 1; ; round++) {
            try {
                write(hierarchy, "cgroup.subtree_control", "+" + controller);
                makeDirectories(group);
                write(group, "cgroup.subtree_control", "+" + controller);
                makeDirectories(group.resolve(COMMAND));
                return new CgroupController(false, group, group.resolve(COMMAND));
            } catch (IOException e) {
                if (round == ROUNDS) {
                    throw e;
                }
            }
        }
    }

    void write(String file, Object value) throws IOException {
        write(group, file, value);
    }

    void writeIfThere(String file, Object value) throws IOException {
        if (Files.exists(group.resolve(file))) {
            write(file, value);
        }
    }

    private static void write(Path group, String file, Object value) throws IOException {
        Path path = group.resolve(file);
        try {
            Files.writeString(path, value.toString());
        } catch (IOException e) {
            throw explained("cannot write " + value + " to " + path, e);
        }
    }

    private static void makeDirectories(Path group) throws IOException {
        try {
            Files.createDirectories(group);
        } catch (IOException e) {
            throw explained("cannot make " + group, e);
        }
    }

    private static IOException explained(String doing, IOException e) {
        String why = String.valueOf(FileReasons.of(e));
        return new IOException(doing + ": " + why + advice(why), e);
    }

    /** What to do about it. Kernel: cgroup-v2.rst, "No Internal Process Constraint" and "Threads". */
    static String advice(String why) {
        if (why.equals("Device or resource busy") || why.equals("Operation not supported")) {
            return "; processes are in the root of the control groups that this container was given, and beside them there can be no"
                    + " limits: start it with --cgroupns=host, or let what it starts first move them into a group below";
        }
        if (why.equals("Read-only file system")) {
            return "; this container may not make control groups: start it with --privileged --cgroupns=host, or limit it as a whole";
        }
        return "";
    }
}
