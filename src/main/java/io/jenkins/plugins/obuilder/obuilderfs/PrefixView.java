package io.jenkins.plugins.obuilder.obuilderfs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One path, such as {@code /opt/homebrew}, that leads each build account to the directory {@code local} of its own home. Which home
 * that is, the {@link Scoreboard} says: its link must be there before the account's first look, and go before the home does.
 */
public interface PrefixView extends Closeable {
    /** Where an account finds its tree. */
    Path path();

    /** Why this cannot work on this host, and what to do about it; empty when it can. Changes nothing. */
    Optional<String> whyUnsupported();

    /** Makes sure that it works: mounts what is not mounted, and mends what a crash has left. Cheap when all is well. */
    void repair() throws IOException;

    /**
     * Has the path for one account until the lease is closed. Mounts and mends first, when that is needed.
     *
     * @throws PrefixBusyException when another account has it and there can be only one; ask again later
     */
    Lease lease(int uid) throws IOException;

    /** Takes it away: unmounts. Leases must have been closed; does nothing when nothing is mounted. */
    @Override
    void close() throws IOException;

    /** Held while a step of an account runs. */
    interface Lease extends Closeable {
        /** Gives the path back. After that nothing of the account's home is open here, so it can be unmounted. */
        @Override
        void close() throws IOException;
    }
}
