package io.jenkins.plugins.obuilder.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Optional;
import jenkins.MasterToSlaveFileCallable;

/** Reads on in the engine's output, a bounded piece in one round trip, and how it ended once all has been read. */
final class ReadOutput extends MasterToSlaveFileCallable<ReadOutput.Piece> {
    private static final long serialVersionUID = 1L;

    /** So much fits many times into a small agent's memory. */
    private static final int LARGEST_PIECE = 1 << 20;

    private final long offset;

    ReadOutput(long offset) {
        this.offset = offset;
    }

    /**
     * A piece of output.
     *
     * @param end how the engine ended; null while it runs, and as long as there is output to read
     */
    record Piece(byte[] bytes, @CheckForNull End end) implements Serializable {}

    /**
     * How the engine ended.
     *
     * @param status its exit status; {@link #VANISHED} when nobody is left who could tell
     * @param result what it wrote about its result; null when it did not come to that
     */
    record End(int status, @CheckForNull String result) implements Serializable {
        /** The engine's processes are gone without a word: killed, or the machine was started again. */
        static final int VANISHED = -1;
    }

    @Override
    public Piece invoke(File directory, VirtualChannel channel) throws IOException {
        Path control = directory.toPath();
        // In this order: what was written before the end must not be missed.
        Optional<End> end = end(control);
        byte[] bytes = read(control.resolve(ControlFiles.LOG).toFile());
        return new Piece(bytes, bytes.length == LARGEST_PIECE ? null : end.orElse(null));
    }

    private static Optional<End> end(Path control) throws IOException {
        Optional<String> wrapper = ControlFiles.read(control.resolve(ControlFiles.WRAPPER));
        boolean lives =
                wrapper.map(ProcessIdentity::parse).map(ProcessIdentity::lives).orElse(false);
        Optional<String> status = ControlFiles.read(control.resolve(ControlFiles.STATUS));
        if (status.isEmpty() && lives) {
            return Optional.empty();
        }
        String result = ControlFiles.read(control.resolve(ControlFiles.RESULT)).orElse(null);
        return Optional.of(new End(status.map(Integer::valueOf).orElse(End.VANISHED), result));
    }

    private byte[] read(File log) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log, "r")) {
            byte[] bytes = new byte[(int) Math.max(0, Math.min(LARGEST_PIECE, file.length() - offset))];
            file.seek(offset);
            file.readFully(bytes);
            return bytes;
        }
    }
}
