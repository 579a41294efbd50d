package io.jenkins.plugins.obuilder.host;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Accounts in macOS' local directory: hidden, without a password, with a group of their own and in no other. What others rely on being
 * unique is looked at here, as {@code dscl} does not; callers hold a lock on the number.
 */
public final class MacAccounts implements Accounts {
    /** {@code eDSRecordNotFound} (-14136), as an exit status. */
    private static final int NOT_FOUND = 56;

    /** Between a look at the list and the next record. */
    private static final Object ONE_AT_A_TIME = new Object();

    private final Commands commands;

    public MacAccounts(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Optional<String> whyUnsupported() {
        for (String tool : List.of("dscl", "dseditgroup", "su")) {
            if (commands.find(tool).isEmpty()) {
                return Optional.of(tool + " is missing; it is a part of macOS");
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> userName(int uid) throws HostException {
        return nameOf(uid, numbers(MacTools.listUsers()));
    }

    @Override
    public Optional<String> groupName(int gid) throws HostException {
        return nameOf(gid, numbers(MacTools.listGroups()));
    }

    @Override
    public Optional<Integer> uid(String name) throws HostException {
        return Optional.ofNullable(numbers(MacTools.listUsers()).get(name));
    }

    /** Who lives there. */
    public Optional<String> userAtHome(Path home) throws HostException {
        return commands.run(MacTools.listHomes()).lines().stream()
                .map(line -> line.strip().split("\\s+", 2))
                .filter(words -> words.length == 2 && Bytes.toText(words[1]).equals(home.toString()))
                .map(words -> words[0])
                .findFirst();
    }

    @Override
    public List<String> names() throws HostException {
        return commands.run(MacTools.listUserNames()).lines();
    }

    private static Optional<String> nameOf(int number, Map<String, Integer> numbers) {
        return numbers.entrySet().stream()
                .filter(entry -> entry.getValue() == number)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private Map<String, Integer> numbers(HostCommand list) throws HostException {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (String line : commands.run(list).lines()) {
            String[] words = line.strip().split("\\s+");
            if (words.length == 2 && words[1].matches("-?[0-9]{1,10}")) {
                numbers.put(words[0], (int) Long.parseLong(words[1]));
            }
        }
        return numbers;
    }

    @Override
    public void create(Account account) throws HostException {
        synchronized (ONE_AT_A_TIME) {
            requireFree(account);
            try {
                commands.run(MacTools.createGroup(account));
                commands.run(MacTools.createUser(account.name()));
                for (HostCommand command : MacTools.describeUser(account)) {
                    commands.run(command);
                }
                requireNotStaff(account.name());
            } catch (HostException e) {
                removeHalf(account.name(), e);
                throw e;
            }
        }
    }

    @Override
    public Optional<String> stranger(String name, int uid) throws HostException {
        return taken(name, uid, name);
    }

    private void requireFree(Account account) throws HostException {
        Optional<String> taken = taken(account.name(), account.uid(), "");
        if (taken.isPresent()) {
            throw new HostException("cannot make the account " + account.name() + ": " + taken.get());
        }
    }

    /** @param but a user and group that may have both */
    private Optional<String> taken(String name, int uid, String but) throws HostException {
        Map<String, Integer> users = numbers(MacTools.listUsers());
        Map<String, Integer> groups = numbers(MacTools.listGroups());
        List<String> taken = new ArrayList<>();
        nameOf(uid, users)
                .filter(other -> !other.equals(but))
                .ifPresent(other -> taken.add(uid + " is the user " + other));
        nameOf(uid, groups)
                .filter(other -> !other.equals(but))
                .ifPresent(other -> taken.add(uid + " is the group " + other));
        if (users.containsKey(name) && !(name.equals(but) && users.get(name) == uid)) {
            taken.add(name + " is the user number " + users.get(name));
        }
        if (groups.containsKey(name) && !(name.equals(but) && groups.get(name) == uid)) {
            taken.add(name + " is the group number " + groups.get(name));
        }
        return taken.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", taken));
    }

    /** Everybody's files of the group staff are readable for it on a usual Mac. */
    private void requireNotStaff(String name) throws HostException {
        if (!isInStaff(name)) {
            return;
        }
        commands.run(MacTools.leaveStaff(name));
        if (isInStaff(name)) {
            throw new HostException("cannot take the account " + name
                    + " out of the group staff, whose members can read other people's files");
        }
    }

    private boolean isInStaff(String name) throws HostException {
        return commands.execute(MacTools.isInStaff(name)).text().startsWith("yes");
    }

    private void removeHalf(String name, HostException cause) {
        try {
            delete(name);
        } catch (HostException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public void delete(String name) throws HostException {
        synchronized (ONE_AT_A_TIME) {
            deleteIfThere(MacTools.deleteUser(name));
            deleteIfThere(MacTools.deleteGroup(name));
        }
    }

    private void deleteIfThere(HostCommand deletion) throws HostException {
        CommandResult result = commands.execute(deletion);
        if (!result.succeeded()
                && result.status() != NOT_FOUND
                && !result.complaint().contains("eDSRecordNotFound")) {
            throw new CommandFailedException(deletion, result);
        }
    }
}
