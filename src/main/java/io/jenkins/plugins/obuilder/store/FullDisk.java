package io.jenkins.plugins.obuilder.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Failures that come from a full disk, or from one that takes nothing any more, told as such. */
public final class FullDisk {
    /** With less than this much free nearly everything fails, though hardly ever the last byte is used. */
    private static final long TOO_LITTLE = 2 << 20;

    private FullDisk() {}

    /**
     * Whether there is hardly any room left.
     *
     * @param root the store's directory
     */
    public static boolean isAt(Path root) {
        if (!Files.exists(root)) {
            return false;
        }
        return root.toFile().getUsableSpace() < TOO_LITTLE;
    }

    /** Whether it failed because there was no room. */
    static boolean isCauseOf(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("No space left on device")
                || message.contains("Disk quota exceeded")
                || message.contains("out of space")
                || message.contains("SQLITE_FULL");
    }

    /**
     * A failure with a hint, if the store's disk is full or read-only; otherwise the failure itself. To be asked before anything is cleared up: that
     * makes room.
     *
     * @param root the store's directory
     */
    public static IOException explained(IOException failure, Path root) {
        if (failure instanceof Explained) {
            return failure;
        }
        if (String.valueOf(failure.getMessage()).contains("Read-only file system")) {
            return new Explained(
                    failure,
                    root,
                    "read-only: the system makes it so after a fault (see dmesg); mend it, and mount it to be written");
        }
        return isCauseOf(failure) || isAt(root)
                ? new Explained(failure, root, "full: delete snapshots (obuilder prune), or make room")
                : failure;
    }

    private static final class Explained extends StoreException {
        private static final long serialVersionUID = 1L;

        Explained(IOException failure, Path root, String state) {
            super(failure.getMessage() + "\nThe disk of the store " + root + " is " + state, failure);
        }
    }
}
