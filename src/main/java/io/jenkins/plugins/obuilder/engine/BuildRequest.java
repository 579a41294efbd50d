package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.spec.Spec;
import io.jenkins.plugins.obuilder.spec.SpecSource;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be built.
 *
 * @param source where the spec's parts stand, for messages
 * @param context the directory that {@code copy} reads
 * @param secrets the values by id (byte strings)
 */
public record BuildRequest(
        Spec spec, Optional<SpecSource> source, Path context, Map<String, byte[]> secrets, BaseIdentity identity) {
    public BuildRequest {
        secrets = Map.copyOf(secrets);
    }

    /** {@code file:line:column} of an operation, behind " at "; empty when it is not known. */
    String at(Object part) {
        return source.map(table -> " at " + table.position(part)).orElse("");
    }
}
