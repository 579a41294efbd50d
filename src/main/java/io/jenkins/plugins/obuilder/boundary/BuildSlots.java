package io.jenkins.plugins.obuilder.boundary;

import io.jenkins.plugins.obuilder.host.HostLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** How many builds, or other commands, the root side does at once: each holds one of so many locks. */
public final class BuildSlots {
    private BuildSlots() {}

    /**
     * Takes one, to be closed; empty when there is none left.
     *
     * @param directory writable for root alone
     * @param kind of what it is for
     */
    public static Optional<Closeable> take(Path directory, String kind, int slots) throws IOException {
        for (int slot = 0; slot < slots; slot++) {
            Optional<HostLock> lock = HostLock.tryLock(directory.resolve(kind + "-" + slot + ".lock"));
            if (lock.isPresent()) {
                return Optional.of(lock.get());
            }
        }
        return Optional.empty();
    }
}
