package io.jenkins.plugins.obuilder.agent;

import java.io.Serializable;

/**
 * A step that was finished.
 *
 * @param stage the nested builds that lead to it, joined by slashes; empty for the spec itself
 * @param op {@code from}, {@code run} or {@code copy}
 * @param heading as the log shows it, cut when it is long
 * @param id of its snapshot, in hex
 * @param cached whether the snapshot was there before the build began
 * @param milliseconds how long it took
 */
public record StepResult(String stage, String op, String heading, String id, boolean cached, long milliseconds)
        implements Serializable {
    static StepResult of(Mark mark) {
        return new StepResult(
                mark.get("stage"),
                mark.get("op"),
                mark.get("heading"),
                mark.get("id"),
                mark.cached(),
                mark.number("ms"));
    }
}
