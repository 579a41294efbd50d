package io.jenkins.plugins.obuilder.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Control groups of Linux, of both versions. */
public final class Cgroups {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final int ROUNDS = 50;

    private Cgroups() {}

    /** Whether groups can be made here: in many containers they are for reading only. */
    public static boolean writable() throws HostException {
        return Mounts.within(ROOT).stream()
                .filter(mount -> mount.type().startsWith("cgroup"))
                .map(mount -> Path.of(mount.path()))
                .anyMatch(Files::isWritable);
    }

    /** Whether there are groups at all. */
    public static boolean mounted() throws HostException {
        return Mounts.within(ROOT).stream().anyMatch(mount -> mount.type().startsWith("cgroup"));
    }

    /** Whether the second version is mounted beside the first, where systemd does that (its documentation: CGROUP_DELEGATION). */
    public static boolean hybrid() {
        return Files.exists(ROOT.resolve("unified").resolve("cgroup.procs"));
    }

    /** Whether the second version is all there is, as on most machines of today. */
    public static boolean unified() {
        return Files.exists(ROOT.resolve("cgroup.controllers"));
    }

    /** Kills all processes of a container's group and removes it, wherever a runtime may have put it; nothing if there is none. */
    public static void remove(String name) throws HostException {
        try {
            for (Path group : find(name)) {
                remove(group);
            }
        } catch (IOException e) {
            throw new HostException("cannot remove the control group " + name + ": " + e.getMessage(), e);
        }
    }

    private static void remove(Path group) throws IOException {
        for (Path below : groupsIn(group)) {
            remove(below);
        }
        // A group that the kernel finds invalid can be removed, but not asked for its processes.
        for (int round = 1; Files.exists(group); round++) {
            try {
                Files.deleteIfExists(group);
            } catch (IOException e) {
                if (round == ROUNDS) {
                    throw e;
                }
                for (long pid : processes(group)) {
                    ProcessGroups.kill(pid);
                }
                Pause.millis(20, "removing a control group");
            }
        }
    }

    private static List<Path> groupsIn(Path group) throws IOException {
        List<Path> groups = new ArrayList<>();
        try (DirectoryStream<Path> below = Files.newDirectoryStream(group, Files::isDirectory)) {
            below.forEach(groups::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return groups;
    }

    private static List<Long> processes(Path group) throws IOException {
        try {
            return Files.readAllLines(group.resolve("cgroup.procs")).stream()
                    .map(Long::valueOf)
                    // 0 stands for a process of a pid namespace above ours; to kill(2) it would be ourselves.
                    .filter(pid -> pid > 0)
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Below the hierarchy's root, below our own group, or beside it. */
    private static Set<Path> find(String name) throws IOException {
        List<Path> hierarchies = new ArrayList<>(List.of(ROOT));
        if (Files.isDirectory(ROOT)) {
            try (DirectoryStream<Path> controllers = Files.newDirectoryStream(ROOT, Files::isDirectory)) {
                controllers.forEach(hierarchies::add);
            }
        }
        Set<Path> found = new LinkedHashSet<>();
        List<String> own = Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                .map(line -> line.split(":", 3)[2].substring(1))
                .distinct()
                .toList();
        for (Path hierarchy : hierarchies) {
            found.add(hierarchy.resolve(name));
            for (String group : own) {
                found.add(hierarchy.resolve(group).resolve(name));
                found.add(hierarchy.resolve(group).resolveSibling(name));
            }
        }
        found.removeIf(group -> !Files.isDirectory(group));
        return found;
    }
}
