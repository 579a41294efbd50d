package io.jenkins.plugins.obuilder.host;

import java.util.List;
import java.util.Optional;

/** Accounts made by the {@code shadow} tools, which know how to lock and rewrite the files in {@code /etc}. */
public final class LinuxAccounts implements Accounts {
    private static final int NOT_FOUND = 2;

    /** The tools wait for each other in whole seconds; those of one process had better queue here. */
    private static final Object ONE_AT_A_TIME = new Object();

    private final Commands commands;

    public LinuxAccounts(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Optional<String> whyUnsupported() {
        for (String tool : List.of("useradd", "userdel", "groupadd", "groupdel", "getent")) {
            if (commands.find(tool).isEmpty()) {
                return Optional.of(
                        tool + " is not installed; install the package passwd (Debian and Ubuntu) or shadow (Alpine)");
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> userName(int uid) throws HostException {
        return entry("passwd", Integer.toString(uid)).map(fields -> fields[0]);
    }

    @Override
    public Optional<String> groupName(int gid) throws HostException {
        return entry("group", Integer.toString(gid)).map(fields -> fields[0]);
    }

    @Override
    public Optional<Integer> uid(String name) throws HostException {
        return entry("passwd", name).map(fields -> Integer.valueOf(fields[2]));
    }

    @Override
    public List<String> names() throws HostException {
        return commands.run(HostCommand.of("list the accounts", "getent", "passwd")).lines().stream()
                .map(line -> line.split(":", 2)[0])
                .toList();
    }

    private Optional<String[]> entry(String database, String key) throws HostException {
        HostCommand command = HostCommand.of("look up " + key + " among the accounts", "getent", database, key);
        CommandResult result = commands.execute(command);
        if (result.status() == NOT_FOUND) {
            return Optional.empty();
        }
        if (!result.succeeded()) {
            throw new CommandFailedException(command, result);
        }
        return Optional.of(result.text().split(":"));
    }

    @Override
    public void create(Account account) throws HostException {
        String number = Integer.toString(account.uid());
        String doing = "make the account " + account.name();
        synchronized (ONE_AT_A_TIME) {
            commands.run(HostCommand.of(doing, "groupadd", "--gid", number, account.name()));
            try {
                commands.run(HostCommand.of(doing, "useradd", "--uid", number, "--gid", number)
                        .args("--no-create-home", "--no-log-init", "--comment", "OBuilder build step")
                        .args("-K", "SUB_UID_COUNT=0", "-K", "SUB_GID_COUNT=0")
                        .args("--home-dir")
                        .arg(account.home())
                        .args("--shell")
                        .arg(account.shell())
                        .args(account.name()));
            } catch (HostException e) {
                commands.execute(HostCommand.of("remove the group " + account.name(), "groupdel", account.name()));
                throw e;
            }
        }
    }

    @Override
    public void delete(String name) throws HostException {
        synchronized (ONE_AT_A_TIME) {
            if (entry("passwd", name).isPresent()) {
                commands.run(HostCommand.of("delete the account " + name, "userdel", name));
            }
            // Whether userdel takes the group along is a setting of the host's.
            if (entry("group", name).isPresent()) {
                commands.run(HostCommand.of("delete the group " + name, "groupdel", name));
            }
        }
    }
}
