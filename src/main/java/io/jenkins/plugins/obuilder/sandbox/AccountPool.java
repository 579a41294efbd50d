package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Accounts;
import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.HostLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Deals out user numbers: each to one step at a time on this host, held by a lock. A number whose lock is free belongs to nobody, so
 * an account of ours that has it was left behind by a crash and is swept away.
 */
final class AccountPool {
    private static final long POLL_MILLIS = 200;

    private final Commands commands;
    private final Accounts accounts;
    private final UserSettings settings;

    AccountPool(Commands commands, Accounts accounts, UserSettings settings) {
        this.commands = commands;
        this.accounts = accounts;
        this.settings = settings;
    }

    /**
     * Makes an account with the first number that is free, waiting while there is none.
     *
     * @param lastUid of the numbers that may be used
     * @throws HostException when no number can be used at all, with the reason for each kind
     */
    AccountSlot acquire(Path shell, int lastUid, Cancellation cancellation) throws IOException {
        while (true) {
            if (cancellation.isCancelled()) {
                throw new Sandbox.CancelledException(cancellation.reason().orElseThrow());
            }
            List<String> unusable = new ArrayList<>();
            for (int uid = settings.firstUid(); uid <= lastUid; uid++) {
                Optional<AccountSlot> slot = tryAcquire(uid, unusable);
                if (slot.isPresent()) {
                    slot.get().makeAccount(shell);
                    return slot.get();
                }
            }
            if (unusable.size() > lastUid - settings.firstUid()) {
                throw new HostException("there is no user number for the step's account: " + String.join(", ", unusable)
                        + "; choose another range of numbers");
            }
            pause();
        }
    }

    /** Removes the accounts that crashed builds left, with their processes; says which. */
    List<String> sweep() throws IOException {
        List<String> removed = new ArrayList<>();
        for (int uid = settings.firstUid(); uid <= settings.lastUid(); uid++) {
            if (Files.exists(lockFile(uid)) && accounts.userName(uid).isPresent()) {
                Optional<AccountSlot> slot = tryAcquire(uid, removed);
                if (slot.isPresent()) {
                    removed.add("the account " + slot.get().name());
                    slot.get().close();
                }
            }
        }
        return removed;
    }

    private Optional<AccountSlot> tryAcquire(int uid, List<String> unusable) throws IOException {
        Optional<HostLock> lock = HostLock.tryLock(lockFile(uid));
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        AccountSlot slot = new AccountSlot(commands, accounts, settings, uid, lock.get());
        boolean usable = false;
        try {
            Optional<String> owner = stranger(uid);
            owner.ifPresent(unusable::add);
            if (owner.isEmpty()) {
                slot.removeAccount();
                usable = true;
            }
        } finally {
            if (!usable) {
                lock.get().close();
            }
        }
        return usable ? Optional.of(slot) : Optional.empty();
    }

    /** Who else has this number or the name that goes with it. */
    private Optional<String> stranger(int uid) throws HostException {
        String name = settings.accountName(uid);
        Optional<String> user = accounts.userName(uid).filter(other -> !other.equals(name));
        if (user.isPresent()) {
            return Optional.of(uid + " is the user " + user.get());
        }
        Optional<String> group = accounts.groupName(uid).filter(other -> !other.equals(name));
        if (group.isPresent()) {
            return Optional.of(uid + " is the group " + group.get());
        }
        return accounts.uid(name).filter(other -> other != uid).map(other -> name + " is the user number " + other);
    }

    private Path lockFile(int uid) throws IOException {
        Path locks = settings.accountLocks();
        if (!Files.isDirectory(locks)) {
            Files.createDirectories(locks);
            Files.setPosixFilePermissions(settings.runtime(), PosixFilePermissions.fromString("rwx--x--x"));
            Files.setPosixFilePermissions(locks, PosixFilePermissions.fromString("rwx------"));
        }
        return locks.resolve(uid + ".lock");
    }

    private static void pause() throws HostException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException("interrupted while waiting for a free user number", e);
        }
    }
}
