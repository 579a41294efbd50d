package io.jenkins.plugins.obuilder.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import java.io.Serializable;
import java.util.List;

/**
 * What a build that succeeded gave.
 *
 * @param id of the snapshot, in hex
 * @param steps the finished ones, nested builds' included
 * @param hits how many of them were found rather than run
 * @param milliseconds how long it took
 * @param store where the agent keeps the snapshot, such as {@code zfs:/tank}
 */
public record EngineResult(String id, List<StepResult> steps, int hits, long milliseconds, String store)
        implements Serializable {
    /** Less room than this, in bytes, and the disk counts as full. */
    private static final long FULL = 1 << 20;

    public EngineResult {
        steps = List.copyOf(steps);
    }

    public int misses() {
        return steps.size() - hits;
    }

    /**
     * Reads what the engine said of its end.
     *
     * @param last its last mark; null when it did not come to that
     * @throws AbortException when the build failed; the message is for the user
     */
    static EngineResult of(LogPiece.End end, @CheckForNull Mark last, String control) throws AbortException {
        if (last == null) {
            throw new AbortException("obuilder: " + withoutResult(end, control));
        }
        if (!last.get("status").equals("succeeded")) {
            String cancelled = last.get("status").equals("cancelled") ? "the build was cancelled: " : "";
            throw new AbortException("obuilder: " + cancelled + last.get("message") + ifFull(end, control));
        }
        return new EngineResult(
                last.get("id"),
                last.all("step").stream().map(Mark::parse).map(StepResult::of).toList(),
                (int) last.number("hits"),
                last.number("ms"),
                last.get("store"));
    }

    private static String withoutResult(LogPiece.End end, String control) {
        if (end.free() < FULL) {
            return "the engine ended without a result" + ifFull(end, control);
        }
        if (end.status() == LogPiece.End.VANISHED) {
            return "the engine's processes are gone without a word: they were killed, or the machine was started again";
        }
        return "the engine ended with status " + end.status() + " and without a result; what it said stands above";
    }

    private static String ifFull(LogPiece.End end, String control) {
        return end.free() < FULL
                ? "\nThe agent's disk is full: " + end.free() + " bytes are left where " + control
                        + " is, the directory of the build's log. Make room there, then build again."
                : "";
    }
}
