package io.jenkins.plugins.obuilder.agent;

import hudson.AbortException;
import java.io.Serializable;
import net.sf.json.JSONException;
import net.sf.json.JSONObject;

/**
 * What a build that succeeded gave.
 *
 * @param id of the snapshot, in hex
 * @param steps how many steps there were, nested builds' included
 * @param hits how many of them were found rather than run
 * @param milliseconds how long it took
 */
public record EngineResult(String id, int steps, int hits, long milliseconds) implements Serializable {
    /**
     * Reads what the engine said of its end.
     *
     * @throws AbortException when the build failed; the message is for the user
     */
    static EngineResult of(ReadOutput.End end) throws AbortException {
        if (end.status() == ReadOutput.End.VANISHED) {
            throw new AbortException(
                    "obuilder: the engine's processes are gone without a word: they were killed, or the machine was"
                            + " started again");
        }
        if (end.result() == null) {
            throw new AbortException("obuilder: the engine ended with status " + end.status()
                    + " and without a result; what it said stands above");
        }
        JSONObject result;
        try {
            result = JSONObject.fromObject(end.result());
        } catch (JSONException e) {
            throw new AbortException(
                    "obuilder: the engine's result cannot be read (" + e.getMessage() + "): " + end.result());
        }
        if (!"succeeded".equals(result.optString("status"))) {
            throw new AbortException("obuilder: " + result.optString("message", "the build failed"));
        }
        return new EngineResult(
                result.getString("id"), result.getInt("steps"), result.getInt("hits"), result.getLong("ms"));
    }
}
