package io.jenkins.plugins.obuilder;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * How much of an engine's log is in the run's log, kept beside that. Saving the state of a pipeline takes long; this is one short write, so
 * it can come with every piece. Not forced to the disk: a controller that is killed loses nothing of it.
 */
final class PositionFile {
    private static final Logger LOGGER = Logger.getLogger(PositionFile.class.getName());

    /** All numbers have the same length: one write replaces another, whole. */
    private static final String FORM = "%020d";

    private static final int LENGTH = 20;

    private final File file;

    private PositionFile(File file) {
        this.file = file;
    }

    static PositionFile of(File runDirectory, String engine) {
        return new PositionFile(new File(runDirectory, engine + ".position"));
    }

    /** The position; 0 when none was written. */
    long read() throws IOException {
        if (file.length() < LENGTH) {
            return 0;
        }
        byte[] text = new byte[LENGTH];
        try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
            in.readFully(text);
        }
        return Long.parseLong(new String(text, StandardCharsets.US_ASCII));
    }

    void write(long position) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(file, "rw")) {
            out.write(String.format(Locale.ROOT, FORM, position).getBytes(StandardCharsets.US_ASCII));
        }
    }

    void delete() {
        if (!file.delete() && file.exists()) {
            LOGGER.log(Level.WARNING, "cannot remove {0}", file);
        }
    }
}
