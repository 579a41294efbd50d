package io.jenkins.plugins.obuilder.store;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that does nothing but take up space, to be given up on a full disk: deleting, too, needs some room, and so does finding what is
 * there (xfs cannot make an empty file then).
 */
final class Reserve {
    private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);
    private static final int BYTES = 1 << 20;

    /** What a file system cannot compress. */
    private static final Random FILLING = new Random(0);

    /** So many times its size must be free, or it could be what fills the disk. */
    private static final int SPARE = 32;

    private final Path root;
    private final Path file;

    /**
     * @param root the store's
     * @param purpose what it is for: each has its own
     */
    Reserve(Path root, String purpose) {
        this.root = root;
        file = root.resolve("state/reserve-" + purpose);
    }

    /** Makes it, if it is not there and there is room enough. */
    void keep() throws IOException {
        if (Files.exists(file) || root.toFile().getUsableSpace() < (long) SPARE * BYTES) {
            return;
        }
        byte[] contents = new byte[BYTES];
        FILLING.nextBytes(contents);
        Path incomplete = Files.createTempFile(file.getParent(), "reserve", null);
        try {
            Files.write(incomplete, contents);
            Files.move(incomplete, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            LOG.debug("cannot make {}", file, e); // the disk has become full
            Files.deleteIfExists(incomplete);
        }
    }

    /** Gives it up, if the disk is full. */
    void releaseIfFull() throws IOException {
        if (FullDisk.isAt(root)) {
            Files.deleteIfExists(file);
        }
    }
}
