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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Every command of OpenZFS that a store gives, each with a time limit. What is busy is tried again for a
 * while; then the error names those who hold it. zfs tells what is wrong by words alone (its exit status is 1 for nearly everything), so words
 * are what this goes by; the locale is fixed.
 */
final class ZfsCommands {
    /** A command is slow where thousands of file systems are mounted. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final Duration DESTROY_LIMIT = Duration.ofMinutes(15);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** How often whoever depends on what is to be destroyed is made independent before that is given up. */
    private static final int MOST_DEPENDENTS = 1000;

    private final Commands commands;
    private final PatientCommands running;

    ZfsCommands(Commands commands) {
        this(commands, PATIENCE);
    }

    /** @param patience for how long what is busy is tried again */
    ZfsCommands(Commands commands, Duration patience) {
        this.commands = commands;
        running = new PatientCommands(commands, patience);
    }

    boolean isInstalled() {
        return commands.find("zfs").isPresent();
    }

    /** What {@code zfs version} prints, or why it prints nothing: the kernel's part may be missing. */
    CommandResult version() throws IOException {
        return running.attempt(zfs("ask for the version of OpenZFS", "version"));
    }

    // ---- looking

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
        running.insist(HostCommand.of("write out the pool " + pool, "zpool", "sync", pool)
                .within(LIMIT));
        String value = running.insist(HostCommand.of(
                                "ask what the pool " + pool + " still has to free",
                                "zpool",
                                "get",
                                "-Hp",
                                "-o",
                                "value",
                                "freeing",
                                pool)
                        .within(LIMIT))
                .text();
        return value.equals("-") ? 0 : Long.parseLong(value);
    }

    // ---- making

    /** Makes one; mounts it, unless its options say otherwise. @return false when there is one of that name already */
    boolean create(String dataset, List<String> options) throws IOException {
        return made(zfs("make the dataset " + dataset, "create")
                .args(dashO(options))
                .args(dataset));
    }

    /** What became of an attempt to clone. */
    enum Cloned {
        YES,
        /** There is no such snapshot. */
        NO_SNAPSHOT,
        /** There is a dataset of that name already. */
        EXISTS
    }

    Cloned clone(String snapshot, String dataset, List<String> options) throws IOException {
        HostCommand command = zfs("clone " + snapshot + " as " + dataset, "clone")
                .args(dashO(options))
                .args(snapshot, dataset);
        CommandResult result = patiently(command, dataset, command);
        if (result.succeeded()) {
            return Cloned.YES;
        }
        if (says(result, "already exists")) {
            return Cloned.EXISTS;
        }
        if (says(result, "does not exist") && !says(result, "parent")) {
            return Cloned.NO_SNAPSHOT;
        }
        throw new CommandFailedException(command, result);
    }

    /** Of the dataset and all below it at one moment. @return false when there is one of that name already */
    boolean snapshot(String snapshot) throws IOException {
        return made(zfs("make the snapshot " + snapshot, "snapshot", "-r", snapshot));
    }

    private boolean made(HostCommand command) throws IOException {
        CommandResult result = running.attempt(command);
        if (!result.succeeded() && !says(result, "already exists")) {
            throw new CommandFailedException(command, result);
        }
        return result.succeeded();
    }

    /** Makes a clone independent of what it was cloned from, which becomes a clone of it; does nothing to what is no clone. */
    void promote(String dataset) throws IOException {
        HostCommand command = zfs("promote " + dataset, "promote", dataset);
        CommandResult result = patiently(command, dataset, command);
        if (!result.succeeded() && !says(result, "not a cloned filesystem")) {
            throw new CommandFailedException(command, result);
        }
    }

    void rename(String from, String to) throws IOException {
        insistPatiently(zfs("rename " + from + " to " + to, "rename", from, to), from);
    }

    void set(String dataset, String property, String value) throws IOException {
        insistPatiently(zfs("set " + property + " of " + dataset, "set", property + "=" + value, dataset), dataset);
    }

    void inherit(String dataset, String property) throws IOException {
        insistPatiently(zfs("reset " + property + " of " + dataset, "inherit", property, dataset), dataset);
    }

    // ---- mounting

    /** Mounts it where its properties say; does nothing when it is mounted. */
    void mount(String dataset) throws IOException {
        HostCommand command = zfs("mount " + dataset, "mount", dataset);
        CommandResult result = patiently(command, dataset, command);
        if (!result.succeeded() && !says(result, "already mounted")) {
            throw new CommandFailedException(command, result);
        }
    }

    /** Unmounts it, by force when it stays busy; does nothing when it is not mounted, or does not exist. */
    void unmount(String dataset) throws IOException {
        HostCommand command = zfs("unmount " + dataset, "unmount", dataset);
        CommandResult result = patiently(command, dataset, zfs("unmount " + dataset, "unmount", "-f", dataset));
        if (!result.succeeded()
                && !says(result, "not currently mounted")
                && !says(result, "not mounted")
                && !says(result, "does not exist")) {
            throw new CommandFailedException(command, result);
        }
    }

    /** Unmounts a dataset and all in it: first what is mounted deepest, whatever the datasets' names say. */
    void unmountAll(String dataset) throws IOException {
        List<List<String>> rows = new ArrayList<>(
                list(dataset, "filesystem", -1, "name", "mounted", "mountpoint").orElse(List.of()));
        rows.sort(Comparator.comparingInt((List<String> row) -> row.get(2).length())
                .reversed());
        for (List<String> row : rows) {
            if (row.get(1).equals("yes")) {
                unmount(row.get(0));
            }
        }
    }

    // ---- destroying

    /** Destroys a snapshot as soon as nothing is cloned from it any more; does nothing when there is none. */
    void destroyDeferred(String snapshot) throws IOException {
        HostCommand command =
                zfs("destroy " + snapshot, "destroy", "-d", snapshot).within(DESTROY_LIMIT);
        CommandResult result = patiently(command, snapshot, command);
        if (!result.succeeded() && !isAbsent(result)) {
            throw new CommandFailedException(command, result);
        }
    }

    /**
     * Destroys a dataset with its snapshots and all below it; does nothing when there is none.
     *
     * @return false, and nothing done, when something was cloned from it
     */
    boolean destroy(String dataset) throws IOException {
        return tryToDestroy(dataset).isEmpty();
    }

    /** The same; what was cloned from it lives on: that takes its snapshots over. */
    void destroyBelowClones(String dataset) throws IOException {
        Optional<CommandResult> refusal = tryToDestroy(dataset);
        for (int dependents = 0; refusal.isPresent(); dependents++) {
            if (dependents == MOST_DEPENDENTS || !promoteOneCloneOf(dataset, refusal.get())) {
                throw new StoreException(
                        "cannot destroy " + dataset + ", though what was cloned from it is independent: "
                                + refusal.get().complaint());
            }
            refusal = tryToDestroy(dataset);
        }
    }

    /** What zfs says when something was cloned from it; empty when it is gone. */
    private Optional<CommandResult> tryToDestroy(String dataset) throws IOException {
        HostCommand command =
                zfs("destroy " + dataset, "destroy", "-r", dataset).within(DESTROY_LIMIT);
        HostCommand byForce =
                zfs("destroy " + dataset, "destroy", "-r", "-f", dataset).within(DESTROY_LIMIT);
        CommandResult result = patiently(command, dataset, byForce);
        if (says(result, "cannot unmount")) {
            unmountAll(dataset);
            result = patiently(command, dataset, byForce);
        }
        if (result.succeeded() || isAbsent(result)) {
            return Optional.empty();
        }
        if (says(result, "dependent clone")) {
            return Optional.of(result);
        }
        throw new CommandFailedException(command, result);
    }

    /** zfs lists the clones, and what depends on those, in its error message. */
    private boolean promoteOneCloneOf(String dataset, CommandResult refusal) throws IOException {
        for (String line : refusal.errorText().lines().toList()) {
            if (line.indexOf('/') < 0 || line.indexOf('@') >= 0 || line.startsWith("cannot ")) {
                continue;
            }
            Optional<List<List<String>>> clone = list(line.strip(), "filesystem", 0, "name", "origin");
            if (clone.isEmpty()) {
                return true; // it has gone meanwhile
            }
            String origin = clone.get().get(0).get(1);
            if (origin.startsWith(dataset + "@") || origin.startsWith(dataset + "/")) {
                promote(line.strip());
                return true;
            }
        }
        return false;
    }

    // ---- running

    private static HostCommand zfs(String doing, String... arguments) {
        return HostCommand.of(doing, "zfs").args(arguments).within(LIMIT);
    }

    private static String[] dashO(List<String> options) {
        return options.stream()
                .flatMap(option -> List.of("-o", option).stream())
                .toArray(String[]::new);
    }

    private CommandResult patiently(HostCommand command, String dataset, HostCommand later) throws IOException {
        return running.patiently(command, later, () -> users(dataset.replaceFirst("@.*", "")));
    }

    private void insistPatiently(HostCommand command, String dataset) throws IOException {
        CommandResult result = patiently(command, dataset, command);
        if (!result.succeeded()) {
            throw new CommandFailedException(command, result);
        }
    }

    private List<String> users(String dataset) throws IOException {
        List<String> users = new ArrayList<>();
        for (Mounted mounted : mounted()) {
            if (mounted.dataset().equals(dataset) || mounted.dataset().startsWith(dataset + "/")) {
                users.addAll(MountUsers.of(commands, Path.of(Bytes.toText(mounted.place())), mounted.dataset()));
            }
        }
        return users;
    }

    private static boolean isAbsent(CommandResult result) {
        return says(result, "does not exist") || says(result, "could not find any snapshots to destroy");
    }

    private static boolean says(CommandResult result, String words) {
        return result.errorText().contains(words);
    }
}
