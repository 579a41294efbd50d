package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.time.Duration;

/**
 * What a build tells while it runs. Calls for one stage come in order; calls for different stages may come from different threads at
 * once. The {@code stage} is the path of nested build names, {@code ""} for the spec itself and {@code "a/b"} for b inside a.
 */
public interface BuildEvents {
    void stageStarted(String stage);

    /** A {@code from} or an op begins. For {@code from}, {@code op} is null and {@code text} its printed form. */
    void stepStarted(String stage, String workdir, Op op, String text);

    /** A piece of the running step's output, or of the log of a cached one. The array may be reused after the call. */
    void output(String stage, byte[] buffer, int offset, int length);

    void stepFinished(String stage, SnapshotId id, boolean cached, Duration duration);

    /** Something the reader should know that is not the command's output. */
    void note(String stage, String text);

    void stageFinished(String stage);

    void stageFailed(String stage, String message);
}
