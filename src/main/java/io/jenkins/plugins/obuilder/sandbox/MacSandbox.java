package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.CommandCancelledException;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.HostLock;
import io.jenkins.plugins.obuilder.host.MacFacts;
import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.host.PacketFilter;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.obuilderfs.PrefixView;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotIds;
import io.jenkins.plugins.obuilder.store.Relocation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The user sandbox on macOS. A build has a slot, with a number of its own and so a home path of its own: paths that a build writes into
 * its files stay right, and a snapshot is never shown at another path or to another owner. For each step the slot's account is made, the
 * snapshot becomes its home, Homebrew's part of it comes to the prefix, and all of it is undone afterwards. The account and the prefix are
 * leased for a step, always in this order, so that nobody waits for somebody who waits for him.
 */
public final class MacSandbox implements Sandbox {
    private static final Path SHELL = Path.of("/bin/bash");

    private final MacSettings settings;
    private final Commands commands;
    private final Path store;
    private final Optional<Relocation> relocation;
    private final Optional<PrefixView> view;
    private final ResourceLimits limits;
    private final AccountPool pool;
    private final PacketFilter filter;
    private final MacFacts facts;
    private final SlotChoice slot;

    /**
     * Chooses a slot for the builds of this sandbox.
     *
     * @param facts what this Mac is
     * @param store the store's directory: accounts do not get into it
     * @param relocation what the store itself can show elsewhere
     * @param view what leads accounts from the prefix to their homes; empty: what belongs there is moved there
     * @throws HostException when a limit is asked for that macOS has not
     */
    public static MacSandbox open(
            Commands commands,
            MacSettings settings,
            MacFacts facts,
            Path store,
            Optional<Relocation> relocation,
            Optional<PrefixView> view,
            ResourceLimits limits)
            throws IOException {
        if (limits.memory().isPresent() || limits.cpus().isPresent()) {
            throw new HostException(
                    "macOS cannot limit the memory or the processors of a step; leave out --memory and" + " --cpus");
        }
        if (relocation.isPresent()) {
            insistOnReachable(relocation.get().programs(), commands, settings.prefix());
        }
        PacketFilter filter = new PacketFilter(commands);
        AccountPool pool = pool(commands, settings, filter, relocation);
        SlotChoice slot = SlotChoice.of(settings, pool.stuck(settings.firstUid(), settings.lastUid()));
        return new MacSandbox(commands, settings, facts, store, relocation, view, limits, filter, pool, slot);
    }

    /** What ends a step must not have vanished under the step's own files. */
    private static void insistOnReachable(List<String> programs, Commands commands, Path prefix) throws HostException {
        for (String name : programs) {
            Optional<Path> program = commands.find(name);
            if (program.isPresent() && program.get().startsWith(prefix)) {
                throw new HostException(
                        program.get() + " lies below " + prefix + ", where each step has its own files instead: copy "
                                + name
                                + " and what it needs to /opt/obuilder/bin, which is looked in, too, or choose another --prefix");
            }
        }
    }

    /** One that is only asked what ids depend on, for builds in the first slot. */
    public static MacSandbox forPlan(Commands commands, MacSettings settings, MacFacts facts) {
        PacketFilter filter = new PacketFilter(commands);
        return new MacSandbox(
                commands,
                settings,
                facts,
                Path.of("/nonexistent"),
                Optional.empty(),
                Optional.empty(),
                ResourceLimits.NONE,
                filter,
                pool(commands, settings, filter, Optional.empty()),
                SlotChoice.first(settings));
    }

    private static AccountPool pool(
            Commands commands, MacSettings settings, PacketFilter filter, Optional<Relocation> relocation) {
        return new AccountPool(
                OperatingSystem.MACOS.accounts(commands),
                OperatingSystem.MACOS.processes(commands),
                settings,
                new MacAftermath(commands, settings, filter, relocation));
    }

    private MacSandbox(
            Commands commands,
            MacSettings settings,
            MacFacts facts,
            Path store,
            Optional<Relocation> relocation,
            Optional<PrefixView> view,
            ResourceLimits limits,
            PacketFilter filter,
            AccountPool pool,
            SlotChoice slot) {
        this.settings = settings;
        this.commands = commands;
        this.store = store.toAbsolutePath().normalize();
        this.relocation = relocation;
        this.facts = facts;
        this.view = view;
        this.limits = limits;
        this.filter = filter;
        this.pool = pool;
        this.slot = slot;
    }

    @Override
    public String kind() {
        return "user";
    }

    @Override
    public List<SnapshotIds.Fact> facts() {
        String redirected = settings.prefixMode() == MacSettings.PrefixMode.REDIRECT ? " (redirected)" : "";
        return List.of(
                fact("home", home().toString()),
                fact("macos", facts.version()),
                fact("architecture", facts.architecture()),
                fact("tools", facts.tools()),
                fact("prefix", settings.prefix() + redirected));
    }

    private static SnapshotIds.Fact fact(String key, String value) {
        return new SnapshotIds.Fact(key, Bytes.ofText(value));
    }

    /** Where the home of this sandbox' builds is. */
    Path home() {
        return settings.homeOf(slot.uid());
    }

    @Override
    public boolean movesTrees() {
        return true;
    }

    @Override
    public Optional<String> whyUnsupported() {
        try {
            String user = System.getProperty("user.name");
            if (!user.equals("root")) {
                return Optional.of("this is " + user + ": accounts need root");
            }
            Optional<String> prefix = view.flatMap(PrefixView::whyUnsupported);
            if (prefix.isPresent()) {
                return prefix;
            }
            Optional<String> accounts = pool.accounts().whyUnsupported();
            if (accounts.isPresent() || settings.openNetwork()) {
                return accounts;
            }
            return filter.whyUnsupported()
                    .map(why -> why + "; or let every step have the network, as the reference does: --open-network");
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public void adopt(Path rootfs) throws IOException {
        int uid = slot.uid();
        TreeOwner.give(rootfs, uid);
        try (Dir home = Dir.open(rootfs)) {
            home.chmod(0700);
            if (home.stat(UserCommand.PROFILE).isEmpty()) {
                try (var profile = home.createFile(UserCommand.PROFILE, 0644)) {
                    profile.chown(uid, uid);
                }
            }
        }
    }

    @Override
    public CopyTarget copyTarget(String absolutePath, Op.User.Ids user) throws IOException {
        int uid = slot.uid();
        if (HomePaths.isBelow(absolutePath, settings.prefix())) {
            String below = HomePaths.relative(absolutePath, settings.prefix(), "copy to");
            return new CopyTarget(below.isEmpty() ? MacPrefix.LOCAL : MacPrefix.LOCAL + "/" + below, uid, uid);
        }
        return new CopyTarget(HomePaths.relative(absolutePath, home(), "copy to"), uid, uid);
    }

    @Override
    public int run(Command command, Path rootfs, OutputStream log, Cancellation cancellation) throws IOException {
        keepOut();
        int uid = slot.uid();
        try (AccountSlot account = pool.acquire(SHELL, uid, uid, cancellation);
                MacStep step = new MacStep(commands, settings, relocation, filter, account)) {
            step.place(command, rootfs, prefix(rootfs), cancellation);
            return step.execute(command, limits.pids(), store, log, cancellation);
        } catch (CommandCancelledException e) {
            throw new CancelledException(e.reason());
        }
    }

    /** Whatever a build has made of its local but a directory is its own. */
    private MacPrefix prefix(Path rootfs) {
        if (!Files.isDirectory(rootfs.resolve(MacPrefix.LOCAL), LinkOption.NOFOLLOW_LINKS)) {
            return MacPrefix.NONE;
        }
        return view.isPresent()
                ? new ViewedPrefix(view.get(), settings.prefix())
                : new SwappedPrefix(commands, settings, relocation);
    }

    /** There is no hiding a directory from one user on macOS but by its permissions. */
    private void keepOut() throws IOException {
        try (Dir directory = Dir.open(store)) {
            int mode = directory.stat().mode();
            if ((mode & 0077) != 0) {
                directory.chmod(mode & ~0077);
            }
        }
    }

    @Override
    public List<String> sweep() throws IOException {
        List<String> removed = new ArrayList<>(pool.sweep());
        Files.createDirectories(settings.runtime());
        Optional<HostLock> lock = HostLock.tryLock(settings.prefixLock());
        if (lock.isPresent()) {
            try {
                if (relocation.isPresent()) {
                    relocation.get().clear(settings.prefix());
                }
                if (new PrefixPlace(commands, settings).repair()) {
                    removed.add("its files in " + settings.prefix());
                }
            } finally {
                lock.get().close();
            }
        }
        return removed;
    }

    /** Gives the slot back. */
    @Override
    public void close() throws IOException {
        slot.close();
    }
}
