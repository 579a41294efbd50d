package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Accounts;
import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.HostLock;
import io.jenkins.plugins.obuilder.host.UserProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deals out user numbers: each to one step at a time on this host, held by a lock. A number whose lock is free belongs to nobody, so
 * an account of ours that has it was left behind by a crash and is swept away.
 */
final class AccountPool {
    private static final Logger LOG = LoggerFactory.getLogger(AccountPool.class);

    private final Accounts accounts;
    private final UserProcesses processes;
    private final AccountNames names;
    private final Aftermath aftermath;

    /** Numbers that this process keeps locked, because something still runs with them, and what. */
    private final Map<Integer, String> setAside = new ConcurrentHashMap<>();

    AccountPool(Accounts accounts, UserProcesses processes, AccountNames names, Aftermath aftermath) {
        this.accounts = accounts;
        this.processes = processes;
        this.names = names;
        this.aftermath = aftermath;
    }

    Accounts accounts() {
        return accounts;
    }

    UserProcesses processes() {
        return processes;
    }

    AccountNames names() {
        return names;
    }

    Aftermath aftermath() {
        return aftermath;
    }

    /** Nobody gets this number while this process lives. */
    void setAside(int uid, String why) {
        setAside.put(uid, uid + " is set aside: " + why);
    }

    /**
     * Makes an account with the first number that is free, waiting while there is none.
     *
     * @throws HostException when no number can be used at all, with the reason for each
     */
    AccountSlot acquire(Path shell, int firstUid, int lastUid, Cancellation cancellation) throws IOException {
        while (true) {
            Lease.check(cancellation);
            List<String> unusable = new ArrayList<>();
            for (int uid = firstUid; uid <= lastUid; uid++) {
                Optional<AccountSlot> slot = tryAcquire(uid, unusable);
                if (slot.isPresent()) {
                    slot.get().makeAccount(shell);
                    return slot.get();
                }
            }
            if (unusable.size() > lastUid - firstUid) {
                throw new HostException("there is no user number for the step's account: " + String.join(", ", unusable)
                        + "; choose another range of numbers");
            }
            Lease.pause("a free user number");
        }
    }

    /** The numbers of these as which something runs that could not be killed before. */
    Set<Integer> stuck(int firstUid, int lastUid) throws IOException {
        Set<Integer> stuck = new HashSet<>();
        for (int uid = firstUid; uid <= lastUid; uid++) {
            boolean before =
                    !new Traces(tracesFile(uid)).of(AccountSlot.STUCK_TRACE).isEmpty();
            if (before && !processes.of(uid).isEmpty()) {
                stuck.add(uid);
            }
        }
        return stuck;
    }

    /** Removes the accounts that crashed builds left, with their processes; says which. What cannot be removed is logged. */
    List<String> sweep() throws IOException {
        List<String> removed = new ArrayList<>();
        List<String> unusable = new ArrayList<>();
        Set<String> there = new HashSet<>(accounts.names());
        for (int uid = names.firstUid(); uid <= names.lastUid(); uid++) {
            boolean account = there.contains(names.accountName(uid));
            if (account || Files.exists(tracesFile(uid))) {
                Optional<AccountSlot> slot = tryAcquire(uid, unusable);
                if (slot.isPresent()) {
                    if (account) {
                        removed.add("the account " + slot.get().name());
                    }
                    slot.get().close();
                }
            }
        }
        unusable.forEach(why -> LOG.warn("cannot clear up after an earlier build: {}", why));
        return removed;
    }

    Path tracesFile(int uid) {
        return names.accountLocks().resolve(uid + ".traces");
    }

    private Optional<AccountSlot> tryAcquire(int uid, List<String> unusable) throws IOException {
        if (setAside.containsKey(uid)) {
            unusable.add(setAside.get(uid));
            return Optional.empty();
        }
        Optional<HostLock> lock = HostLock.tryLock(lockFile(uid));
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        AccountSlot slot = new AccountSlot(this, uid, lock.get());
        boolean usable = false;
        try {
            Optional<String> owner = accounts.stranger(names.accountName(uid), uid);
            owner.ifPresent(unusable::add);
            if (owner.isEmpty()) {
                slot.removeAccount();
                usable = true;
            }
        } catch (HostException e) {
            if (!slot.isStuck()) {
                throw e;
            }
            unusable.add(uid + " is set aside: " + e.getMessage());
        } finally {
            if (!usable) {
                lock.get().close();
            }
        }
        return usable ? Optional.of(slot) : Optional.empty();
    }

    private Path lockFile(int uid) throws IOException {
        Path locks = names.accountLocks();
        if (!Files.isDirectory(locks)) {
            Files.createDirectories(locks);
            Files.setPosixFilePermissions(names.runtime(), PosixFilePermissions.fromString("rwx--x--x"));
            Files.setPosixFilePermissions(locks, PosixFilePermissions.fromString("rwx------"));
        }
        return locks.resolve(uid + ".lock");
    }
}
