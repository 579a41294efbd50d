package io.jenkins.plugins.obuilder.spec;

import java.util.List;

/**
 * What a {@code copy} step copies, as it goes into the step's id. A path is the whole normalised path from the source root (the root
 * itself is the empty string); all texts are byte strings.
 */
public sealed interface Manifest {
    String path();

    /** A regular file and the SHA-256 of its contents in hexadecimal; {@code executable} is part of an id only by content identity. */
    record File(String path, String sha256, boolean executable) implements Manifest {}

    record Symlink(String path, String target) implements Manifest {}

    /** A directory; the children stand sorted by the bytes of their names. */
    record Dir(String path, List<Manifest> children) implements Manifest {
        public Dir {
            children = List.copyOf(children);
        }
    }
}
