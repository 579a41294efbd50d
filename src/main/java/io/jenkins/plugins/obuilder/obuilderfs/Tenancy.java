package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.Descriptors;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which user has the path: one at a time. Root's side gives it to one by {@link #lease}. While it has not spoken, the first user with a link
 * on the scoreboard who comes has it, until that link goes or is replaced. Thread-safe.
 */
final class Tenancy {
    private static final Logger LOG = LoggerFactory.getLogger(Tenancy.class);

    /** How long what is being done may take before somebody else's turn: when root's side wants it, and when a user comes. */
    private static final long PATIENCE_MILLIS = 10_000;

    private static final long TURN_MILLIS = 1_000;

    /** How somebody who comes stands to the path. */
    enum Standing {
        /** Has it. */
        HOLDER,
        /** Is led somewhere by the scoreboard, but another has it. */
        OTHER,
        /** The host's own users, and whoever has no link: to them the directory is empty. */
        NOBODY
    }

    private final Scoreboard scoreboard;
    private final long forbidden;
    /** Held for reading by whoever uses the tree, for writing by whoever replaces it. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private volatile Tree tree;
    private volatile Integer leased;
    private volatile Scoreboard.Link unusable;

    /**
     * Does nothing yet.
     *
     * @param forbidden the device of the mount that is served: no home may lie there
     */
    Tenancy(Scoreboard scoreboard, long forbidden) {
        this.scoreboard = scoreboard;
        this.forbidden = forbidden;
    }

    /** Keeps the tree from being replaced until {@link #leave}. */
    void enter() {
        lock.readLock().lock();
    }

    void leave() {
        lock.readLock().unlock();
    }

    /** Null when nobody has the path. Only between {@link #enter} and {@link #leave}. */
    Tree tree() {
        return tree;
    }

    /** Only between {@link #enter} and {@link #leave}. */
    Standing standing(int uid, Descriptors calls) throws HostException {
        if (tree != null && tree.uid == uid) {
            return Standing.HOLDER;
        }
        if (tree == null && (leased == null || leased == uid)) {
            return Standing.NOBODY;
        }
        actForScoreboard(calls);
        return scoreboard.link(uid).isPresent() ? Standing.OTHER : Standing.NOBODY;
    }

    /** Somebody comes in at the root of the tree: takes notice of what has changed on the scoreboard. */
    void arrive(int uid, Descriptors calls) throws HostException {
        actForScoreboard(calls);
        if (isSettled(uid) || !aloneWithin(TURN_MILLIS)) {
            return;
        }
        try {
            if (!isSettled(uid)) {
                end(calls);
                Optional<Scoreboard.Link> link = scoreboard.link(uid);
                if (link.isPresent()) {
                    begin(uid, link.get(), calls);
                }
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Changing rights takes longer than looking, so it is not done for a scoreboard that everybody may look at. */
    private void actForScoreboard(Descriptors calls) {
        if (!scoreboard.isPublic()) {
            calls.actAs(0, 0);
        }
    }

    /** Whether the path stays with whom it is with when this user comes. */
    private boolean isSettled(int uid) throws HostException {
        Tree now = tree;
        Integer lessee = leased;
        if (now != null && now.uid == uid) {
            return scoreboard.isStill(uid, now.link);
        }
        if (lessee != null && lessee != uid || scoreboard.link(uid).isEmpty()) {
            return true;
        }
        // The step of whoever came first has ended when its link has gone.
        return now != null && lessee == null && scoreboard.isStill(now.uid, now.link);
    }

    private void begin(int uid, Scoreboard.Link link, Descriptors calls) {
        calls.actAs(0, 0);
        Tree.Opened opened = Tree.open(uid, link, forbidden, calls);
        tree = opened.tree();
        if (tree == null && !link.equals(unusable)) {
            unusable = link;
            LOG.warn(
                    "the user {} finds nothing: {}/{} cannot be used (error {}); it must be a directory, no link, and not below"
                            + " the mount itself",
                    uid,
                    Bytes.toText(link.home()),
                    RedirectFiles.LINK,
                    opened.error());
        }
    }

    private void end(Descriptors calls) {
        Tree old = tree;
        tree = null;
        if (old != null) {
            old.close(calls);
        }
    }

    /**
     * Gives the path to a user, whoever came first without a lease.
     *
     * @return who has a lease of it already; empty when this one got it
     */
    Optional<Integer> lease(int uid, Descriptors calls) throws HostException {
        alone();
        try {
            if (leased != null) {
                return Optional.of(leased);
            }
            end(calls);
            leased = uid;
            Optional<Scoreboard.Link> link = scoreboard.link(uid);
            if (link.isPresent()) {
                begin(uid, link.get(), calls);
            }
            return Optional.empty();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Ends the lease and closes all that is open in its user's tree. */
    void release(Descriptors calls) throws HostException {
        alone();
        try {
            leased = null;
            end(calls);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Who has it by a lease. */
    Optional<Integer> leased() {
        return Optional.ofNullable(leased);
    }

    private void alone() throws HostException {
        if (!aloneWithin(PATIENCE_MILLIS)) {
            throw new HostException("the path changes hands only between two operations, and one has not ended for "
                    + PATIENCE_MILLIS / 1000 + " s; is the disk below it stuck?");
        }
    }

    private boolean aloneWithin(long milliseconds) throws HostException {
        try {
            return lock.writeLock().tryLock(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException("interrupted while waiting for the end of an operation", e);
        }
    }
}
