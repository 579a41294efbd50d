package io.jenkins.plugins.obuilder.obuilderfs;

import java.util.Locale;
import java.util.Optional;

/** How the path leads each user to its own tree. */
public enum Mode {
    /** By a link, {@code MOUNTPOINT/local}: for any number of users at the same time, and the data never pass through this program. */
    REDIRECT,
    /** By showing the tree at MOUNTPOINT itself, as the reference's tool does: for one user at a time. */
    PASSTHROUGH;

    /** As it is written in options. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads what {@link #toString} writes; empty for anything else. */
    public static Optional<Mode> of(String text) {
        for (Mode mode : values()) {
            if (mode.toString().equals(text)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }
}
