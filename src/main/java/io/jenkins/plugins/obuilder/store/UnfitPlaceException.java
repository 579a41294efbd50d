package io.jenkins.plugins.obuilder.store;

import java.nio.file.Path;

/** A store of some kind cannot lie in a directory. */
public final class UnfitPlaceException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final String why;

    UnfitPlaceException(String kind, Path root, String why) {
        super("cannot keep a store of the kind " + kind + " in " + root + ": " + why);
        this.why = why;
    }

    /** Why it cannot. */
    public String why() {
        return why;
    }
}
