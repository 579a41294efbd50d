package io.jenkins.plugins.obuilder.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The processes of this host, as {@code /proc} shows them. Those that are dead and only wait to be reaped do not count. */
public final class Processes {
    private static final Path PROC = Path.of("/proc");

    /** How often killing is tried when there is time. */
    private static final int ROUNDS = 40;

    private Processes() {}

    /**
     * A process.
     *
     * @param state one letter, as in ps(1)
     */
    public record Info(long pid, String name, String state) {
        @Override
        public String toString() {
            return pid + " (" + name + ", state " + state + ")";
        }
    }

    /** Those that have this user's rights in any way: as real, effective, saved or file-system user. */
    public static List<Info> ofUser(int uid) throws HostException {
        List<Info> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                ofUser(entry, Integer.toString(uid)).ifPresent(found::add);
            }
        } catch (IOException e) {
            throw new HostException("cannot list the processes: " + e.getMessage(), e);
        }
        return found;
    }

    private static Optional<Info> ofUser(Path entry, String uid) {
        List<String> status;
        try {
            status = Files.readAllLines(entry.resolve("status"), ISO_8859_1);
        } catch (IOException e) {
            // It has ended meanwhile.
            return Optional.empty();
        }
        String state = field(status, "State:").substring(0, 1);
        boolean dead = state.equals("Z") || state.equals("X");
        boolean theirs = Arrays.asList(field(status, "Uid:").split("\\s+")).contains(uid);
        return !dead && theirs
                ? Optional.of(new Info(Long.parseLong(entry.getFileName().toString()), field(status, "Name:"), state))
                : Optional.empty();
    }

    private static String field(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElse("?");
    }

    /**
     * Kills all processes of a user, however fast they multiply, and waits for their end.
     *
     * @throws HostException when some are there after that, with their names
     */
    public static void killUser(Commands commands, int uid, UserProcesses.Patience patience) throws HostException {
        int rounds = patience == UserProcesses.Patience.LITTLE ? ROUNDS / 4 : ROUNDS;
        List<Info> alive = ofUser(uid);
        for (int round = 1; !alive.isEmpty(); round++) {
            if (round > rounds) {
                throw new HostException("cannot kill all processes of the user " + uid + "; there are still "
                        + alive.stream().map(Info::toString).collect(Collectors.joining(", ")));
            }
            if (round == 1) {
                alive.forEach(process -> ProcessGroups.kill(process.pid()));
            } else {
                // The kernel's own "all that this user may signal" leaves no gap for a fork bomb.
                String number = Integer.toString(uid);
                commands.execute(HostCommand.of(
                        "kill the processes of the user " + uid,
                        "setpriv",
                        "--reuid=" + number,
                        "--regid=" + number,
                        "--clear-groups",
                        "/bin/sh",
                        "-c",
                        "kill -KILL -1"));
                Pause.millis(Math.min(10L * round, 300), "killing processes");
            }
            alive = ofUser(uid);
        }
    }
}
