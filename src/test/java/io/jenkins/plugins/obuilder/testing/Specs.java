package io.jenkins.plugins.obuilder.testing;

/** Writes specs for tests. */
public final class Specs {
    private Specs() {}

    /** A spec on the image {@code busybox}, whose shell is {@code /bin/sh}. */
    public static String spec(String... ops) {
        return "((from busybox) (shell /bin/sh -c)\n " + String.join("\n ", ops) + ")";
    }

    /** The same with nested builds before it. */
    public static String withBuilds(String builds, String... ops) {
        return "(" + builds + "\n" + spec(ops).substring(1);
    }

    /** A nested build. */
    public static String build(String name, String... ops) {
        return "(build " + name + " " + spec(ops) + ")";
    }

    /** @param fields such as {@code "(network host)"} */
    public static String run(String command, String... fields) {
        return "(run " + String.join(" ", fields) + " (shell " + quoted(command) + "))";
    }

    /** A cache of this name at this place. */
    public static String cache(String name, String target) {
        return "(cache (" + name + " (target " + target + ")))";
    }

    /** A secret of this name at this place. */
    public static String secret(String name, String target) {
        return "(secrets (" + name + " (target " + target + ")))";
    }

    /** Copies from the build context. */
    public static String copy(String source, String destination) {
        return "(copy (src " + source + ") (dst " + destination + "))";
    }

    /** Copies from a nested build. */
    public static String copyFrom(String build, String source, String destination) {
        return "(copy (from (build " + build + ")) (src " + source + ") (dst " + destination + "))";
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
