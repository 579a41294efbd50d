package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;

/**
 * What a build tells while it runs. Calls for one stage come in order; calls for different stages may come from different threads at
 * once. The {@code stage} is a {@link StagePath}: {@code ""} for the spec itself and {@code "a/b"} for b inside a. Texts are byte
 * strings unless it is said otherwise.
 */
public interface BuildEvents {
    /** How much of a saved log is read at once, in bytes. */
    int LOG_BLOCK = 256 << 10;

    void stageStarted(String stage);

    /**
     * A {@code from} or an op begins. For {@code from}, {@code op} is null. A {@code from}, a {@code run} and a {@code copy} end with
     * {@link #stepFinished} or {@link #stageFailed}; the other ops only change what follows.
     *
     * @param heading as logs show it: {@code (from busybox)}, {@code /src: (run (shell make))}; may have several lines
     */
    void stepStarted(String stage, String workdir, Op op, String heading);

    /** A piece of the running step's output, or of the log of a cached one. The array may be reused after the call. */
    void output(String stage, byte[] buffer, int offset, int length);

    /**
     * The saved log of a step, from a byte on to its end.
     *
     * @throws IOException when it cannot be read
     */
    default void output(String stage, FileChannel log, long from) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(LOG_BLOCK);
        long at = from;
        for (int n = log.read(block, at); n > 0; n = log.read(block.clear(), at)) {
            output(stage, block.array(), 0, n);
            at += n;
        }
    }

    /** @param cached whether the snapshot was there before this build began */
    void stepFinished(String stage, SnapshotId id, boolean cached, Duration duration);

    /** Something the reader should know that is not the command's output. The text is text, not bytes. */
    void note(String stage, String text);

    /** How far a long piece of work has come: shown now, saved nowhere. The text is text, not bytes. */
    void progress(String stage, String text);

    void stageFinished(String stage);

    /** The stage's last word when it failed or was cancelled. The message is text, not bytes. */
    void stageFailed(String stage, String message);

    /** The last call of all. */
    void buildFinished(BuildOutcome outcome);
}
