package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Account;
import io.jenkins.plugins.obuilder.host.Accounts;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.HostLock;
import io.jenkins.plugins.obuilder.host.Processes;
import java.io.Closeable;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A user number that this step has to itself, and the account that has it. */
final class AccountSlot implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(AccountSlot.class);

    private final Commands commands;
    private final Accounts accounts;
    private final UserSettings settings;
    private final int uid;
    private final HostLock lock;

    AccountSlot(Commands commands, Accounts accounts, UserSettings settings, int uid, HostLock lock) {
        this.commands = commands;
        this.accounts = accounts;
        this.settings = settings;
        this.uid = uid;
        this.lock = lock;
    }

    int uid() {
        return uid;
    }

    String name() {
        return settings.accountName(uid);
    }

    /** Makes the account; gives the slot back when that fails. */
    void makeAccount(Path shell) throws HostException {
        boolean made = false;
        try {
            accounts.create(new Account(name(), uid, settings.home(), shell));
            made = true;
        } finally {
            if (!made) {
                lock.close();
            }
        }
    }

    /** Ends whatever still runs as this user. */
    void endProcesses() throws HostException {
        Processes.killUser(commands, uid);
    }

    /** Ends its processes and deletes the account, if there is one. */
    void removeAccount() throws HostException {
        endProcesses();
        accounts.delete(name());
    }

    /**
     * Deletes the account and gives the number back. Where its processes cannot be ended the number stays locked, so that nobody else
     * gets it while this engine runs; that is logged and no more, since it must not spoil a finished step.
     */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            removeAccount();
            lock.close();
        } catch (HostException e) {
            LOG.warn("cannot remove the account {}, it is not used again: {}", name(), e.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
