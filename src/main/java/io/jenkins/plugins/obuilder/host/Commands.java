package io.jenkins.plugins.obuilder.host;

import java.nio.file.Path;
import java.util.Optional;

/** Runs commands of the operating system. Thread-safe. */
public interface Commands {
    /**
     * Runs the command to its end, whatever its exit status.
     *
     * @throws CommandCancelledException when it was cancelled: it and what it started are dead then
     * @throws CommandTimeoutException when it took too long: it and what it started were killed
     * @throws HostException when it could not be started or its output could not be passed on
     */
    CommandResult execute(HostCommand command) throws HostException;

    /** Where a program is that {@link HostCommand}s may name without a path; empty when it is not installed. */
    Optional<Path> find(String program);

    /**
     * Runs the command and insists on exit status 0.
     *
     * @throws CommandFailedException when the exit status is another; its message has what the command said
     */
    default CommandResult run(HostCommand command) throws HostException {
        CommandResult result = execute(command);
        if (!result.succeeded()) {
            throw new CommandFailedException(command, result);
        }
        return result;
    }
}
