package io.jenkins.plugins.obuilder.agent;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What a build may use and nobody may see. It travels to the agent and from there into the engine's standard input, and is kept nowhere.
 *
 * @param values of the spec's secrets, by id
 * @param hidden what else the log must not show: the password in a value that is a name and a password, say
 */
public record BuildSecrets(Map<String, byte[]> values, List<byte[]> hidden) implements Serializable {
    public static final BuildSecrets NONE = new BuildSecrets(Map.of(), List.of());

    public BuildSecrets {
        values = Map.copyOf(values);
        hidden = List.copyOf(hidden);
    }

    /** Without the values. */
    @Override
    public String toString() {
        return "secrets " + values.keySet();
    }
}
