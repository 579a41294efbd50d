package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/**
 * Keeps snapshots on one kind of file system. A snapshot exists when this says so; it is never half there. Safe for use by several
 * threads and several processes at once, but two drafts of one id at the same time are the caller's mistake: {@link BuildLocks} prevent
 * them.
 */
public interface Store extends Closeable {
    /** The name a user gave, such as {@code overlayfs:/var/lib/obuilder}. */
    String name();

    /** The directory that holds {@code state/} (index, locks, sandbox state): always a plain directory on the host. */
    Path root();

    /** Why it cannot work here, found by doing something harmless; empty when it works. */
    Optional<String> whyUnsupported() throws IOException;

    /** Whether OBuilder itself made it: then ids by name are what its contents are found by. */
    boolean isMadeByReference();

    /** A finished snapshot; empty when there is none of that id. */
    Optional<Snapshot> find(SnapshotId id) throws IOException;

    /** All finished snapshots, in no order. */
    Collection<SnapshotId> list() throws IOException;

    /** Begins a snapshot as a writable copy of {@code base}, or empty. */
    Draft begin(SnapshotId id, Optional<SnapshotId> base) throws IOException;

    /**
     * Makes a directory for files that a draft is to have, before there is one; empty where no draft could take it over. It goes with its
     * process, as drafts do.
     */
    default Optional<Ahead> makeAhead() throws IOException {
        return Optional.empty();
    }

    /** A read-only view of a finished snapshot's whole root file system, for as long as the view is open. */
    View open(SnapshotId id) throws IOException;

    /**
     * Deletes one snapshot: it is gone when this returns, and closing what is returned frees its space, which may take a while. The caller
     * sees to it that nothing was built on it. Does nothing when there is none.
     */
    Closeable delete(SnapshotId id) throws IOException;

    /** What its file system has, as that itself tells. */
    Space space() throws IOException;

    /**
     * Waits until the space of what was deleted can be used again, where the file system takes its time over that.
     *
     * @param cancellation ends the wait
     * @return whether all of it can: false when the wait became too long, or was ended
     */
    boolean reclaim(Cancellation cancellation) throws IOException;

    /**
     * A private writable copy of the cache's present version, empty when the cache is new. Its top directory is {@code owner}'s.
     *
     * @param name any byte string
     */
    CacheDraft cache(String name, Op.User.Ids owner) throws IOException;

    /** All caches, by the names of their files, which are the caches' own where those are ordinary; in no order. */
    Collection<String> caches() throws IOException;

    /** Deletes a cache. A step that has a copy of it keeps that, but it does not become the cache's new version. */
    void deleteCache(String file) throws IOException;

    /** What is left or broken of what it keeps. Looking changes nothing, and what live processes are making is not told. */
    Collection<StoreFindings.Finding> examine() throws IOException;

    /** Removes what crashed builds left (temporaries, mounts), but nothing that a live process holds. Says what it removed. */
    Collection<String> repair() throws IOException;

    /** Whether each root file system and each cache is a file system of its own, which tells how much of the disk it takes. */
    default boolean countsItself() {
        return false;
    }

    /** How it shows what it keeps at other places of the host; empty where it cannot. */
    default Optional<Relocation> relocation() {
        return Optional.empty();
    }

    /** Bytes of a file system: all of them, and those that can still be used. */
    record Space(long total, long free) {}

    /** A finished snapshot: where its saved log and environment lie. Its root file system is reached through {@link #open}. */
    record Snapshot(SnapshotId id, Optional<SnapshotId> parent, Path log, Path env) {}

    /** A directory, root's alone, whose name no base has. Closing it removes it, unless a draft has taken it over. */
    interface Ahead extends Closeable {
        Path directory();
    }

    /** A snapshot being built. Closing it without {@link #commit} discards it wholly. */
    interface Draft extends Closeable {
        /** The root file system, writable. For the {@code user} sandbox this is the home. */
        Path rootfs();

        /** Where the step's log is to be written; readable by other processes from then on, also after the commit. */
        Path log();

        /** Where the environment that the base image set is to be written; carried over from the base when there is one. */
        Path env();

        /**
         * Takes over a directory that the same store made ahead, as one of the root file system's with the name that it has. To be called
         * before anything is done there.
         *
         * @return false when it cannot: then nothing was done
         */
        default boolean take(Ahead ahead) throws IOException {
            return false;
        }

        /** The directory whose files are what this takes of the disk: the root file system, or where its changes gather. */
        default Path changes() {
            return rootfs();
        }

        /** Has the file system itself refuse more than this many bytes besides those that are there, where it can. */
        default void limit(long bytes) throws IOException {}

        /** Makes it a finished snapshot, all or nothing. */
        void commit() throws IOException;
    }

    /** A mounted or plain read-only directory. */
    interface View extends Closeable {
        Path rootfs();
    }

    /** A step's own copy of a cache. Closing it without {@link #publish} drops it. */
    interface CacheDraft extends Closeable {
        Path directory();

        /** Makes it the cache's new version, unless another step replaced the version this was copied from: then it is dropped. */
        void publish() throws IOException;
    }
}
