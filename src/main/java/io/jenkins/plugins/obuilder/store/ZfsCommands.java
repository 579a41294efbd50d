package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.CommandFailedException;
import io.jenkins.plugins.obuilder.host.CommandResult;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What OpenZFS is told to do, each command with a time limit. What is busy is tried again for a while; then the error names those who hold
 * it.
 */
final class ZfsCommands extends ZfsQueries {
    /** A command is slow where thousands of file systems are mounted. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** zfs itself is often busy for a second or two. */
    private static final Duration SHORT_PATIENCE = Duration.ofSeconds(3);

    private final ZfsDestruction destruction = new ZfsDestruction(this);

    ZfsCommands(Commands commands) {
        this(commands, PATIENCE, LIMIT);
    }

    /**
     * @param patience for how long what is busy is tried again
     * @param limit how long a command may take
     */
    ZfsCommands(Commands commands, Duration patience, Duration limit) {
        super(commands, patience, limit);
    }

    /** The same for what need not be done now: tries what is busy again for a short while only. */
    ZfsCommands withoutPatience() {
        return new ZfsCommands(commands, SHORT_PATIENCE, LIMIT);
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
        accept(command, patiently(command, dataset, zfs("unmount " + dataset, "unmount", "-f", dataset)));
    }

    /** The same, but never by force: whoever works there is named. */
    void unmountUnlessUsed(String dataset) throws IOException {
        HostCommand command = zfs("unmount " + dataset, "unmount", dataset);
        accept(command, patiently(command, dataset, command));
    }

    private static void accept(HostCommand unmount, CommandResult result) throws CommandFailedException {
        if (!result.succeeded()
                && !says(result, "not currently mounted")
                && !says(result, "not mounted")
                && !says(result, "does not exist")) {
            throw new CommandFailedException(unmount, result);
        }
    }

    /** Unmounts a dataset and all in it: first what is mounted deepest, whatever the datasets' names say. */
    void unmountAll(String dataset) throws IOException {
        unmountAll(dataset, this::unmount);
    }

    /** The same, but never by force. */
    void unmountAllUnlessUsed(String dataset) throws IOException {
        unmountAll(dataset, this::unmountUnlessUsed);
    }

    @FunctionalInterface
    private interface Unmounting {
        void of(String dataset) throws IOException;
    }

    private void unmountAll(String dataset, Unmounting unmounting) throws IOException {
        List<List<String>> rows = new ArrayList<>(
                list(dataset, "filesystem", -1, "name", "mounted", "mountpoint").orElse(List.of()));
        rows.sort(Comparator.comparingInt((List<String> row) -> row.get(2).length())
                .reversed());
        for (List<String> row : rows) {
            if (row.get(1).equals("yes")) {
                unmounting.of(row.get(0));
            }
        }
    }

    // ---- destroying

    /** Destroys a snapshot as soon as nothing is cloned from it any more; does nothing when there is none. */
    void destroyDeferred(String snapshot) throws IOException {
        destruction.deferred(snapshot);
    }

    /**
     * Destroys a dataset with its snapshots and all below it; does nothing when there is none.
     *
     * @return false, and nothing done, when something was cloned from it
     */
    boolean destroy(String dataset) throws IOException {
        return destruction.unlessCloned(dataset);
    }

    /** The same; what was cloned from it lives on: that takes its snapshots over. */
    void destroyBelowClones(String dataset) throws IOException {
        destruction.belowClones(dataset);
    }

    // ---- running

    /** @param later what to try when half of the patience is gone */
    CommandResult patiently(HostCommand command, String dataset, HostCommand later) throws IOException {
        return running.patiently(command, later, () -> users(dataset.replaceFirst("@.*", "")));
    }

    private void insistPatiently(HostCommand command, String dataset) throws IOException {
        CommandResult result = patiently(command, dataset, command);
        if (!result.succeeded()) {
            throw new CommandFailedException(command, result);
        }
    }

    private static String[] dashO(List<String> options) {
        return options.stream()
                .flatMap(option -> List.of("-o", option).stream())
                .toArray(String[]::new);
    }
}
