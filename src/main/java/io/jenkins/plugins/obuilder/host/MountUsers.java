package io.jenkins.plugins.obuilder.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who keeps a mounted file system busy, for messages: those that work in it, have files in it open, or have it in a namespace of theirs. */
public final class MountUsers {
    private static final Path PROC = Path.of("/proc");

    private MountUsers() {}

    /**
     * All that can be found, such as {@code "4711 (make)"}, sorted.
     *
     * @param mountPoint where it is or was mounted
     * @param source what is mounted, as the table of mounts has it
     */
    public static List<String> of(Commands commands, Path mountPoint, String source) throws HostException {
        List<String> users = OperatingSystem.isMac() ? listed(commands, mountPoint) : found(mountPoint, source);
        Collections.sort(users);
        return users;
    }

    /** By lsof(8), whose lines are {@code pPID} and {@code cNAME}; status 1 when there is none. */
    private static List<String> listed(Commands commands, Path mountPoint) throws HostException {
        Map<String, String> names = new HashMap<>();
        String pid = "?";
        for (String line : commands.execute(MacTools.openFilesOf(mountPoint)).lines()) {
            if (line.startsWith("p")) {
                pid = line.substring(1);
            } else if (line.startsWith("c")) {
                names.put(pid, line.substring(1));
            }
        }
        List<String> users = new ArrayList<>();
        names.forEach((number, name) -> users.add(number + " (" + name + ")"));
        return users;
    }

    private static List<String> found(Path mountPoint, String source) throws HostException {
        List<String> users = new ArrayList<>();
        String own = link(PROC.resolve("thread-self/ns/mnt")).orElse("");
        Map<String, Boolean> namespaces = new HashMap<>();
        namespaces.put(own, false);
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                String number = process.getFileName().toString();
                if (hasOpen(process, mountPoint)) {
                    users.add(number + " (" + name(process) + ")");
                    continue;
                }
                Optional<String> namespace = link(process.resolve("ns/mnt"));
                if (namespace.isPresent()
                        && namespaces.putIfAbsent(namespace.get(), true) == null
                        && hasMounted(process, source)) {
                    users.add(number + " (" + name(process) + ", in a mount namespace of its own)");
                }
            }
        } catch (IOException e) {
            throw new HostException("cannot list the processes: " + e.getMessage(), e);
        }
        return users;
    }

    private static boolean hasOpen(Path process, Path mountPoint) {
        for (String place : List.of("cwd", "root", "exe")) {
            if (isIn(link(process.resolve(place)), mountPoint)) {
                return true;
            }
        }
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : open) {
                if (isIn(link(descriptor), mountPoint)) {
                    return true;
                }
            }
            // A program or library that runs from there.
            return Files.readString(process.resolve("maps"), ISO_8859_1).contains(" " + mountPoint + "/");
        } catch (IOException e) {
            return false; // it has ended meanwhile
        }
    }

    private static boolean isIn(Optional<String> place, Path mountPoint) {
        String directory = mountPoint.toString();
        return place.isPresent()
                && (place.get().equals(directory) || place.get().startsWith(directory + "/"));
    }

    private static boolean hasMounted(Path process, String source) {
        try {
            return Files.readString(process.resolve("mountinfo"), ISO_8859_1)
                    .lines()
                    .map(MountPoint::parse)
                    .flatMap(Optional::stream)
                    .anyMatch(mount -> mount.source().equals(source));
        } catch (IOException e) {
            return false; // it has ended meanwhile
        }
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm"), ISO_8859_1).strip();
        } catch (IOException e) {
            return "ended meanwhile";
        }
    }

    private static Optional<String> link(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException e) {
            return Optional.empty(); // it has ended meanwhile
        }
    }
}
