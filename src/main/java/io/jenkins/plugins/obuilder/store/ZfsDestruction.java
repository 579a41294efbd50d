package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.CommandFailedException;
import io.jenkins.plugins.obuilder.host.CommandResult;
import io.jenkins.plugins.obuilder.host.HostCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Destroys datasets and snapshots, of which others may be clones. */
final class ZfsDestruction {
    /** The larger, the longer. */
    private static final Duration LIMIT = Duration.ofMinutes(15);

    /** How often whoever depends on what is to be destroyed is made independent before that is given up. */
    private static final int MOST_DEPENDENTS = 1000;

    private final ZfsCommands zfs;

    ZfsDestruction(ZfsCommands zfs) {
        this.zfs = zfs;
    }

    /** Destroys a snapshot as soon as nothing is cloned from it any more; does nothing when there is none. */
    void deferred(String snapshot) throws IOException {
        HostCommand command =
                zfs.zfs("destroy " + snapshot, "destroy", "-d", snapshot).within(LIMIT);
        CommandResult result = zfs.patiently(command, snapshot, command);
        if (!result.succeeded() && !ZfsQueries.isAbsent(result)) {
            throw new CommandFailedException(command, result);
        }
    }

    /**
     * Destroys a dataset with its snapshots and all below it; does nothing when there is none.
     *
     * @return false, and nothing done, when something was cloned from it
     */
    boolean unlessCloned(String dataset) throws IOException {
        return tryToDestroy(dataset).isEmpty();
    }

    /** The same; what was cloned from it lives on: that takes its snapshots over. */
    void belowClones(String dataset) throws IOException {
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
                zfs.zfs("destroy " + dataset, "destroy", "-r", dataset).within(LIMIT);
        HostCommand byForce =
                zfs.zfs("destroy " + dataset, "destroy", "-r", "-f", dataset).within(LIMIT);
        CommandResult result = zfs.patiently(command, dataset, byForce);
        if (ZfsQueries.says(result, "cannot unmount")) {
            zfs.unmountAll(dataset);
            result = zfs.patiently(command, dataset, byForce);
        }
        if (result.succeeded() || ZfsQueries.isAbsent(result)) {
            return Optional.empty();
        }
        if (ZfsQueries.says(result, "dependent clone")) {
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
            Optional<List<List<String>>> clone = zfs.list(line.strip(), "filesystem", 0, "name", "origin");
            if (clone.isEmpty()) {
                return true; // it has gone meanwhile
            }
            String origin = clone.get().get(0).get(1);
            if (origin.startsWith(dataset + "@") || origin.startsWith(dataset + "/")) {
                zfs.promote(line.strip());
                return true;
            }
        }
        return false;
    }
}
