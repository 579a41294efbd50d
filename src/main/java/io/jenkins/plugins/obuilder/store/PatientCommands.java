package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.CommandFailedException;
import io.jenkins.plugins.obuilder.host.CommandResult;
import io.jenkins.plugins.obuilder.host.CommandTimeoutException;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.Pause;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs commands that answer "busy" now and then: they are tried again for a while, since the system and programs that look around
 * (Spotlight, backups) are often slow to let go. Each command is logged.
 */
final class PatientCommands {
    private static final Logger LOG = LoggerFactory.getLogger(PatientCommands.class);

    /** On macOS it is diskutil(8) that unmounts: "Volume tank on disk6s1 failed to unmount: dissented by PID 0 (kernel_task)". */
    private static final List<String> BUSY = List.of("busy", "dissented by", "unmount failed", "umount failed");

    private static final long FIRST_PAUSE_MS = 20;
    private static final long LONGEST_PAUSE_MS = 500;

    private final Commands commands;
    private final Duration patience;

    /** @param patience for how long what is busy is tried again */
    PatientCommands(Commands commands, Duration patience) {
        this.commands = commands;
        this.patience = patience;
    }

    /** Tells who keeps something busy. */
    @FunctionalInterface
    interface Holders {
        List<String> find() throws IOException;
    }

    /** Runs it once, whatever its exit status. */
    CommandResult attempt(HostCommand command) throws IOException {
        long start = System.nanoTime();
        try {
            CommandResult result = commands.execute(command);
            LOG.debug(
                    "{} [{} ms, status {}]",
                    command,
                    Duration.ofNanos(System.nanoTime() - start).toMillis(),
                    result.status());
            return result;
        } catch (CommandTimeoutException e) {
            throw new StoreException(
                    e.getMessage()
                            + "\nIt may hang in the kernel: when ps shows it in the state D (Linux) or U (macOS) and it"
                            + " does not go away, only a restart of the system helps",
                    e);
        }
    }

    /** Runs it once and insists on exit status 0. */
    CommandResult insist(HostCommand command) throws IOException {
        CommandResult result = attempt(command);
        if (!result.succeeded()) {
            throw new CommandFailedException(command, result);
        }
        return result;
    }

    /**
     * Tries again while it says that something is busy.
     *
     * @param later what to try when half of the patience is gone
     * @return how it ended otherwise
     * @throws StoreException when it is still busy when the patience has gone, with those who hold it
     */
    CommandResult patiently(HostCommand command, HostCommand later, Holders holders) throws IOException {
        long start = System.nanoTime();
        long pause = FIRST_PAUSE_MS;
        while (true) {
            long waited = System.nanoTime() - start;
            HostCommand now = waited > patience.toNanos() / 2 ? later : command;
            CommandResult result = attempt(now);
            if (result.succeeded() || BUSY.stream().noneMatch(result.errorText()::contains)) {
                return result;
            }
            if (waited > patience.toNanos()) {
                throw busy(now, result, holders.find());
            }
            Pause.millis(pause, "something is busy");
            pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
        }
    }

    private StoreException busy(HostCommand command, CommandResult result, List<String> holders) {
        return new StoreException("cannot " + command.doing() + ": still busy after " + patience.toSeconds() + " s ("
                + result.complaint().replace('\n', ' ') + "); "
                + (holders.isEmpty()
                        ? "no process is seen that uses it"
                        : "it is used by " + String.join(", ", holders) + ": end that, and try again"));
    }
}
