package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Accounts;
import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Cgroups;
import io.jenkins.plugins.obuilder.host.CommandCancelledException;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.LimitedGroup;
import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.host.PrivateNamespace;
import io.jenkins.plugins.obuilder.host.ProcessDirectory;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotIds;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs commands as a user account that is made for the step and deleted after it. The snapshot is the account's home; the rest of the
 * host is there as for any other user. Where the kernel allows it (Linux, root with the right to mount), the step has mounts, temporary
 * directories and, unless the command asks for the host's, a network of its own; elsewhere its home is a link.
 */
public final class UserSandbox implements Sandbox, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(UserSandbox.class);

    /** What names of control groups, and of the files that tell of them, begin with. */
    private static final String GROUP = "obuilder-";

    private final Commands commands;
    private final Accounts accounts;
    private final UserSettings settings;
    private final ResourceLimits limits;
    private final Path state;
    private final Path hidden;
    private final AccountPool pool;
    private final HomePlace place;
    private final AtomicLong steps = new AtomicLong();
    private final AtomicLong groups = new AtomicLong();
    private ProcessDirectory directory;
    private Optional<String> namespacesRefused;

    /**
     * Does nothing yet.
     *
     * @param state a directory of the store's, for the steps' temporary files; made when needed
     * @param hidden the store's directory: a step does not see it
     * @param limits of each command
     */
    public UserSandbox(
            Commands commands,
            Accounts accounts,
            UserSettings settings,
            Path state,
            Path hidden,
            ResourceLimits limits) {
        this.commands = commands;
        this.accounts = accounts;
        this.settings = settings;
        this.limits = limits;
        this.state = state.toAbsolutePath().normalize();
        this.hidden = hidden.toAbsolutePath().normalize();
        pool = new AccountPool(
                accounts, OperatingSystem.LINUX.processes(commands), settings, new LinkedAftermath(commands, settings));
        place = new HomePlace(settings);
    }

    @Override
    public String kind() {
        return "user";
    }

    @Override
    public List<SnapshotIds.Fact> facts() {
        return List.of(new SnapshotIds.Fact("home", Bytes.ofText(settings.home().toString())));
    }

    @Override
    public Optional<String> whyUnsupported() {
        try {
            if (commands.find("setpriv").isEmpty()) {
                return Optional.of("setpriv is not installed; install the package util-linux");
            }
            String id = Integer.toString(settings.firstUid());
            commands.run(HostCommand.of(
                            "run a command as another user, which needs root",
                            "setpriv",
                            "--reuid=" + id,
                            "--regid=" + id)
                    .args("--clear-groups", "/bin/sh", "-c", "exit 0"));
            Optional<String> why = accounts.whyUnsupported();
            return why.isPresent() ? why : LimitedGroup.whyRefused(GROUP + UUID.randomUUID(), limits);
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public void adopt(Path rootfs) throws IOException {
        TreeOwner.give(rootfs, settings.firstUid());
        try (Dir home = Dir.open(rootfs)) {
            home.chmod(home.stat().mode() | 0700);
            if (home.stat(UserCommand.PROFILE).isEmpty()) {
                try (var profile = home.createFile(UserCommand.PROFILE, 0644)) {
                    profile.chown(settings.firstUid(), settings.firstUid());
                }
            }
        }
    }

    @Override
    public CopyTarget copyTarget(String absolutePath, Op.User.Ids user) throws IOException {
        String relative = HomePaths.relative(absolutePath, settings.home(), "copy to");
        return new CopyTarget(relative, settings.firstUid(), settings.firstUid());
    }

    @Override
    public int run(Command command, Path rootfs, OutputStream log, Cancellation cancellation) throws IOException {
        boolean isolated = namespacesRefused().isEmpty();
        int lastUid = isolated ? settings.lastUid() : settings.firstUid();
        try (AccountSlot slot = pool.acquire(shell(), settings.firstUid(), lastUid, cancellation);
                LimitedGroup group = limitedGroup()) {
            own(rootfs, command.caches(), slot.uid());
            try {
                return isolated
                        ? runMounted(slot, group, command, rootfs, log, cancellation)
                        : runLinked(slot, group, command, rootfs, log, cancellation);
            } catch (CommandCancelledException e) {
                throw new CancelledException(e.reason());
            } finally {
                slot.endProcesses();
                own(rootfs, command.caches(), settings.firstUid());
            }
        } finally {
            removePlace();
        }
    }

    private int runMounted(
            AccountSlot slot,
            LimitedGroup group,
            Command command,
            Path rootfs,
            OutputStream log,
            Cancellation cancellation)
            throws IOException {
        place.makeDirectory();
        Path scratch = directory().path().resolve("step-" + steps.incrementAndGet());
        PrivateFiles.makeDirectory(scratch, "rwx------");
        command.disk().ifPresent(limit -> limit.alsoCounts().accept(scratch));
        try {
            return PrivateNamespace.call(!command.hostNetwork(), () -> {
                try (HomeView view = MountedHome.open(settings, slot.uid(), rootfs, command, scratch, hidden)) {
                    return execute(slot, group, command, view, log, cancellation);
                }
            });
        } finally {
            PrivateFiles.removeTree(scratch);
        }
    }

    private int runLinked(
            AccountSlot slot,
            LimitedGroup group,
            Command command,
            Path rootfs,
            OutputStream log,
            Cancellation cancellation)
            throws IOException {
        slot.traces().add(LinkedAftermath.TRACE, "");
        try (HomeView view = LinkedHome.open(settings, slot.uid(), rootfs, command)) {
            command.disk().ifPresent(limit -> limit.alsoCounts().accept(view.temporary()));
            return execute(slot, group, command, view, log, cancellation);
        }
    }

    /** Whatever the command left running is ended before the end of its output is waited for, and before the home is taken away. */
    private int execute(
            AccountSlot slot,
            LimitedGroup group,
            Command command,
            HomeView view,
            OutputStream log,
            Cancellation cancellation)
            throws IOException {
        UserCommand.Login login = new UserCommand.Login(
                slot.name(), slot.uid(), settings.home(), shell(), view.temporary(), view.secrets());
        try {
            int status = commands.execute(group.join(UserCommand.of(command, login))
                            .streamTo(log)
                            .untilCancelled(cancellation)
                            .afterExit(slot::endProcesses))
                    .status();
            Optional<String> reached = status == 0 ? Optional.empty() : group.reached();
            if (reached.isPresent()) {
                throw new LimitReachedException(status, reached.get());
            }
            return status;
        } finally {
            slot.endProcesses();
        }
    }

    /** Its name is written down before it is made: after a crash it is found by that. */
    private LimitedGroup limitedGroup() throws IOException {
        if (limits.isEmpty()) {
            return LimitedGroup.make("", limits);
        }
        Path owner = directory().path();
        String name = GROUP + owner.getFileName() + "-" + groups.incrementAndGet();
        Files.createFile(owner.resolve(name));
        return LimitedGroup.make(name, limits);
    }

    private static void removeGroups(Path owner) throws IOException {
        try (Stream<Path> entries = Files.list(owner)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String name = entry.getFileName().toString();
                if (name.startsWith(GROUP)) {
                    Cgroups.remove(name);
                }
            }
        }
    }

    /** The tree and the caches belong to the first number, except while a step of another number has them. */
    private static void own(Path rootfs, List<CacheDirectory> caches, int uid) throws IOException {
        TreeOwner.giveUnlessOwned(rootfs, uid);
        for (CacheDirectory cache : caches) {
            TreeOwner.giveUnlessOwned(cache.directory(), uid);
        }
    }

    private static Path shell() {
        Path bash = Path.of("/bin/bash");
        return Files.isExecutable(bash) ? bash : Path.of("/bin/sh");
    }

    private synchronized Optional<String> namespacesRefused() {
        if (namespacesRefused == null) {
            namespacesRefused = PrivateNamespace.whyRefused();
            namespacesRefused.ifPresent(why -> LOG.warn(
                    "{}; builds share the host's network and /tmp, and run one at a time as their home is a link",
                    why));
        }
        return namespacesRefused;
    }

    private void removePlace() {
        try {
            place.removeUnlessNeeded();
        } catch (IOException e) {
            LOG.warn("cannot remove {}: {}", settings.home(), e.getMessage());
        }
    }

    private synchronized ProcessDirectory directory() throws IOException {
        if (directory == null) {
            directory = ProcessDirectory.create(state);
        }
        return directory;
    }

    /**
     * Ends what crashed builds left running as accounts of ours, and removes those accounts and temporary files.
     *
     * @return what was removed, for people
     */
    public List<String> sweep() throws IOException {
        List<String> removed = new ArrayList<>(pool.sweep());
        if (Files.isDirectory(settings.accountLocks()) && Files.exists(settings.home(), LinkOption.NOFOLLOW_LINKS)) {
            removePlace();
        }
        for (ProcessDirectory abandoned : ProcessDirectory.abandoned(state)) {
            try (abandoned) {
                // Its process may have come no further than to the lock.
                if (Files.isDirectory(abandoned.path())) {
                    removeGroups(abandoned.path());
                    PrivateFiles.removeTree(abandoned.path());
                    removed.add("temporary files in " + abandoned.path());
                }
            }
        }
        return removed;
    }

    /** Behaves as where mounting is refused. */
    synchronized UserSandbox withoutNamespaces() {
        namespacesRefused = Optional.of("private namespaces are not wanted");
        return this;
    }

    /** Removes this process' directory. No command may be running. */
    @Override
    public synchronized void close() throws IOException {
        if (directory != null) {
            directory.close();
            directory = null;
        }
    }
}
