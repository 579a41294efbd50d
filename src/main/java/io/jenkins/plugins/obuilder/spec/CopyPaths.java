package io.jenkins.plugins.obuilder.spec;

import java.util.StringJoiner;

/** What the paths of a {@code copy} mean. All are byte strings. */
public final class CopyPaths {
    private CopyPaths() {}

    /**
     * A source as a path below its root: empty parts and {@code .} dropped, a leading slash too; the root itself is the empty string.
     *
     * @throws IllegalArgumentException when it has a part {@code ..}; the message is for the user
     */
    public static String source(String path) {
        StringJoiner parts = new StringJoiner("/");
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                throw new IllegalArgumentException(
                        "a source cannot contain \"..\": only what lies below the source directory"
                                + " can be copied; run the build from a directory further up instead");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts.toString();
    }

    /**
     * A destination as it goes into the id: absolute, joined to the working directory when relative, otherwise as it was written. It
     * keeps the slash at its end, which says that it is a directory to copy into; see {@link #isDirectory}.
     */
    public static String destination(String workdir, String destination) {
        return destination.startsWith("/") ? destination : join(workdir, destination);
    }

    /**
     * Whether sources are copied <em>into</em> this destination, each under its last name (the root itself has none: its contents are).
     * Otherwise the one source <em>becomes</em> the destination; a directory is merged into one that is there.
     */
    public static boolean isDirectory(String destination) {
        return destination.endsWith("/");
    }

    /** A path below a directory; neither is normalised, since ids are made from what is written. */
    static String join(String directory, String path) {
        return directory.isEmpty() || directory.endsWith("/") ? directory + path : directory + "/" + path;
    }
}
