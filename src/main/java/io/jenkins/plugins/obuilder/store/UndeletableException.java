package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.CommandTimeoutException;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;

/**
 * One snapshot cannot be deleted, or its space cannot be freed, while nothing is wrong with the others: something of it is mounted, cloned,
 * held or in use. The message names it, says why and who.
 */
public final class UndeletableException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final boolean gone;

    private UndeletableException(String message, boolean gone, IOException cause) {
        super(message, cause);
        this.gone = gone;
    }

    /** Whether the snapshot is deleted all the same, and only its space is not free. */
    boolean isGone() {
        return gone;
    }

    /** It is there as before. */
    static IOException there(SnapshotId id, IOException cause) {
        return concernsAll(cause)
                ? cause
                : new UndeletableException(
                        "the snapshot " + id + " cannot be deleted now: " + cause.getMessage(), false, cause);
    }

    /** It is deleted. */
    static IOException gone(SnapshotId id, IOException cause) {
        return concernsAll(cause)
                ? cause
                : new UndeletableException(
                        "the snapshot " + id + " is deleted, but its space cannot be freed now: " + cause.getMessage(),
                        true,
                        cause);
    }

    /** Whether it would be the same with every other snapshot, after a long wait maybe. */
    private static boolean concernsAll(IOException failure) {
        return FullDisk.isCauseOf(failure)
                || failure instanceof CommandTimeoutException
                || failure.getCause() instanceof CommandTimeoutException;
    }
}
