package io.jenkins.plugins.obuilder.spec;

import java.util.List;

/** A whole spec: nested builds, the base image's name and the steps. All texts are byte strings. */
public record Spec(List<NestedBuild> builds, String from, List<Op> ops) {
    public Spec {
        builds = List.copyOf(builds);
        ops = List.copyOf(ops);
    }

    /** A stage: a spec of its own whose result later {@code copy} steps may read by name. */
    public record NestedBuild(String name, Spec spec) {}
}
