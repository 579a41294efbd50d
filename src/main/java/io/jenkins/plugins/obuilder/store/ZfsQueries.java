package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.CommandFailedException;
import io.jenkins.plugins.obuilder.host.CommandResult;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.MountUsers;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What OpenZFS is asked. zfs tells what is wrong by words alone (its exit status is 1 for nearly everything), so words are what this goes
 * by; the locale is fixed.
 */
class ZfsQueries {
    final Commands commands;
    private final Duration limit;
    final PatientCommands running;

    /**
     * @param patience for how long what is busy is tried again
     * @param limit how long a command may take
     */
    ZfsQueries(Commands commands, Duration patience, Duration limit) {
        this.commands = commands;
        this.limit = limit;
        running = new PatientCommands(commands, patience);
    }

    /** Where it is; empty when it is not installed. */
    Optional<Path> program() {
        return commands.find("zfs");
    }

    /** What {@code zfs version} prints, or why it prints nothing: the kernel's part may be missing. */
    CommandResult version() throws IOException {
        return running.attempt(zfs("ask for the version of OpenZFS", "version"));
    }

    /**
     * The properties of a dataset and, down to a depth, of those below it, a list for each; empty when it does not exist.
     *
     * @param what also a directory where one is mounted
     * @param types such as {@code "filesystem,snapshot"}
     * @param depth 0: of itself alone; -1: however deep
     */
    Optional<List<List<String>>> list(String what, String types, int depth, String... properties) throws IOException {
        HostCommand command = zfs("look at " + what, "list", "-H", "-t", types);
        if (depth != 0) {
            command = command.args("-r");
        }
        if (depth > 0) {
            command = command.args("-d", Integer.toString(depth));
        }
        command = command.args("-o", String.join(",", properties), what);
        CommandResult result = running.attempt(command);
        if (!result.succeeded()) {
            if (says(result, "does not exist")
                    || says(result, "not a ZFS filesystem")
                    || says(result, "not a dataset")) {
                return Optional.empty();
            }
            throw new CommandFailedException(command, result);
        }
        return Optional.of(rows(result));
    }

    /** What is mounted: the dataset and where. Asks nothing of the datasets themselves. */
    List<Mounted> mounted() throws IOException {
        HostCommand command = zfs("list what is mounted", "mount");
        List<Mounted> mounted = new ArrayList<>();
        for (String line : running.insist(command).lines()) {
            // The two are aligned with blanks, of which a dataset's name may have some, too, but never before a slash.
            int at = line.indexOf(" /");
            if (at > 0) {
                mounted.add(new Mounted(line.substring(0, at).stripTrailing(), line.substring(at + 1)));
            }
        }
        return mounted;
    }

    /** A mounted dataset and where, both byte strings. */
    record Mounted(String dataset, String place) {}

    private static List<List<String>> rows(CommandResult result) {
        return result.lines().stream()
                .filter(line -> !line.isEmpty())
                .map(line -> Arrays.asList(line.split("\t")))
                .toList();
    }

    /** Bytes that the dataset and all below it use, and those that it can still have. */
    Store.Space space(String dataset) throws IOException {
        HostCommand command = zfs("ask how full " + dataset + " is", "get", "-Hp", "-o", "value", "used,available")
                .args(dataset);
        List<String> values = running.insist(command).lines();
        if (values.size() != 2) {
            throw new StoreException("cannot understand what \"" + command + "\" says: " + values);
        }
        long free = Long.parseLong(values.get(1));
        return new Store.Space(Long.parseLong(values.get(0)) + free, free);
    }

    /** Bytes of destroyed datasets that are not free yet, after all that was asked for has been written. */
    long beingFreed(String pool) throws IOException {
        running.insist(command("zpool", "write out the pool " + pool, "sync", pool));
        String value = running.insist(command(
                        "zpool",
                        "ask what the pool " + pool + " still has to free",
                        "get",
                        "-Hp",
                        "-o",
                        "value",
                        "freeing",
                        pool))
                .text();
        return value.equals("-") ? 0 : Long.parseLong(value);
    }

    /** Which processes have files of it, or of what lies in it, in use. */
    List<String> users(String dataset) throws IOException {
        List<String> users = new ArrayList<>();
        for (Mounted mounted : mounted()) {
            if (mounted.dataset().equals(dataset) || mounted.dataset().startsWith(dataset + "/")) {
                users.addAll(MountUsers.of(commands, Path.of(Bytes.toText(mounted.place())), mounted.dataset()));
            }
        }
        return users;
    }

    HostCommand zfs(String doing, String... arguments) {
        return command("zfs", doing, arguments);
    }

    private HostCommand command(String program, String doing, String... arguments) {
        return HostCommand.of(doing, program).args(arguments).within(limit);
    }

    static boolean isAbsent(CommandResult result) {
        return says(result, "does not exist") || says(result, "could not find any snapshots to destroy");
    }

    static boolean says(CommandResult result, String words) {
        return result.errorText().contains(words);
    }
}
