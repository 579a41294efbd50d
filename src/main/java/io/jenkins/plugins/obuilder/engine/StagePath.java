package io.jenkins.plugins.obuilder.engine;

/**
 * The name of a stage in events and messages: the names of the nested builds that lead to it, joined by slashes; empty for the spec
 * itself. A slash or a percent sign in a build's own name is written {@code %2f} or {@code %25}, so that every stage has its own path.
 */
final class StagePath {
    static final String ROOT = "";

    private StagePath() {}

    /** The path of a nested build of {@code stage}. */
    static String child(String stage, String name) {
        String escaped = name.replace("%", "%25").replace("/", "%2f");
        return stage.isEmpty() ? escaped : stage + "/" + escaped;
    }

    /** The name of the build that a path leads to. */
    static String name(String stage) {
        return stage.substring(stage.lastIndexOf('/') + 1).replace("%2f", "/").replace("%25", "%");
    }
}
