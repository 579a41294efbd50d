package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Pause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Whether crun speaks, or the command that it has started. Its words do not begin in a way of their own; but it writes them into its log, too,
 * just after it has said them, and where it starts a command there is soon a file with the container's status.
 *
 * @param log of the runtime
 * @param status where it says that the container runs
 */
record CrunComplaint(Path log, Path status) implements CommandOutput.Doubt {
    /** One of both is there within milliseconds. On a machine that is so slow that it is not, a complaint is shown as output. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int PAUSE_MS = 1;

    @Override
    public boolean mayBeComplaint(byte[] output) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            if (isWritten()) {
                return true;
            }
            if (Files.exists(status)) {
                return false;
            }
            Pause.millis(PAUSE_MS, "waiting for what a container does");
        }
        return false;
    }

    private boolean isWritten() throws IOException {
        try {
            return Files.size(log) > 0;
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
