package io.jenkins.plugins.obuilder.spec;

import java.util.regex.Pattern;

/**
 * The name of a snapshot: 64 lower-case hexadecimal digits, the SHA-256 of all that went into it.
 *
 * @throws IllegalArgumentException when the text is anything else, so that an id is always safe as a file name
 */
public record SnapshotId(String hex) implements Comparable<SnapshotId> {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    public SnapshotId {
        if (!isForm(hex)) {
            throw new IllegalArgumentException("not a snapshot id (64 hexadecimal digits): " + hex);
        }
    }

    /** Whether a text is the name of a snapshot. */
    public static boolean isForm(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public int compareTo(SnapshotId other) {
        return hex.compareTo(other.hex);
    }

    /** Written out, as is {@link #hashCode}: a record's own are made up at the first call in a process, and that takes a while. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SnapshotId id && hex.equals(id.hex);
    }

    @Override
    public int hashCode() {
        return hex.hashCode();
    }

    @Override
    public String toString() {
        return hex;
    }
}
