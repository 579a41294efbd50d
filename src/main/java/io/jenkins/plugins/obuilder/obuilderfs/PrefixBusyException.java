package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.HostException;
import java.nio.file.Path;

/** Another account has the path, and only one can have it at a time. */
public final class PrefixBusyException extends HostException {
    private static final long serialVersionUID = 1L;

    private final int holder;

    PrefixBusyException(Path path, int uid, int holder) {
        super("cannot lead the user " + uid + " through " + path + ": the user " + holder
                + " has it, and only one can at a time; wait for the end of that user's step");
        this.holder = holder;
    }

    /** Who has it. */
    public int holder() {
        return holder;
    }
}
