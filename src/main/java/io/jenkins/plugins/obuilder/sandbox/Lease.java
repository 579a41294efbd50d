package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.HostLock;
import io.jenkins.plugins.obuilder.host.Pause;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Waiting for what one step on this host has at a time. */
final class Lease {
    private static final long POLL_MILLIS = 200;

    private Lease() {}

    /** Waits for the lock until the build is cancelled. */
    static HostLock take(Path file, String what, Cancellation cancellation) throws IOException {
        while (true) {
            check(cancellation);
            Optional<HostLock> lock = HostLock.tryLock(file);
            if (lock.isPresent()) {
                return lock.get();
            }
            pause(what);
        }
    }

    static void check(Cancellation cancellation) throws Sandbox.CancelledException {
        if (cancellation.isCancelled()) {
            throw new Sandbox.CancelledException(cancellation.reason().orElseThrow());
        }
    }

    static void pause(String what) throws HostException {
        Pause.millis(POLL_MILLIS, "waiting for " + what);
    }
}
