package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Account;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.HostLock;
import io.jenkins.plugins.obuilder.host.UserProcesses.Patience;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A user number that this step has to itself, and the account that has it. */
final class AccountSlot implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(AccountSlot.class);

    /** What {@link Traces} tell of: that something runs as this user which could not be killed. */
    static final String STUCK_TRACE = "stuck";

    private final AccountPool pool;
    private final int uid;
    private final HostLock lock;
    private volatile boolean stuck;

    AccountSlot(AccountPool pool, int uid, HostLock lock) {
        this.pool = pool;
        this.uid = uid;
        this.lock = lock;
    }

    int uid() {
        return uid;
    }

    String name() {
        return pool.names().accountName(uid);
    }

    /** Makes the account; gives the slot back when that fails. */
    void makeAccount(Path shell) throws IOException {
        boolean made = false;
        try {
            traces().begin();
            pool.accounts().create(new Account(name(), uid, pool.names().homeOf(uid), shell));
            made = true;
        } finally {
            if (!made) {
                lock.close();
            }
        }
    }

    /**
     * Ends whatever still runs as this user. Where that failed before, be it in another engine, it is tried but shortly.
     *
     * @throws HostException when something cannot be killed
     */
    void endProcesses() throws HostException {
        boolean before = wasStuck();
        try {
            pool.processes().killAll(name(), uid, before ? Patience.LITTLE : Patience.USUAL);
            stuck = false;
        } catch (HostException e) {
            stuck = true;
            if (!before) {
                noteThatItIsStuck(e);
            }
            throw e;
        }
    }

    private boolean wasStuck() throws HostException {
        try {
            return !traces().of(STUCK_TRACE).isEmpty();
        } catch (IOException e) {
            throw new HostException("cannot read " + traces().file() + ": " + e.getMessage(), e);
        }
    }

    private void noteThatItIsStuck(HostException cause) {
        try {
            traces().add(STUCK_TRACE, "");
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Whether something that could not be killed still runs as this user, for all that is known. */
    boolean isStuck() {
        return stuck;
    }

    /** What may have to be cleared up after this account. */
    Traces traces() {
        return new Traces(pool.tracesFile(uid));
    }

    /** Ends its processes, clears up after them and deletes the account, if there is one. */
    void removeAccount() throws IOException {
        endProcesses();
        if (traces().exist() || pool.accounts().uid(name()).isPresent()) {
            pool.aftermath().clear(name(), uid, traces());
            pool.accounts().delete(name());
            traces().end();
        }
    }

    /**
     * Deletes the account and gives the number back. Where its processes cannot be ended the number stays locked, so that nobody else
     * gets it while this engine runs, and whoever comes after finds in the traces what was the matter; that is logged and no more, since
     * it must not spoil a finished step.
     */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            removeAccount();
            lock.close();
        } catch (IOException e) {
            LOG.warn("cannot remove the account {}, it is not used again: {}", name(), e.getMessage());
            pool.setAside(uid, e.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
