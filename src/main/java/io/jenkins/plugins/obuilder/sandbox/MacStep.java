package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.MemoryDirectory;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.host.PacketFilter;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.store.Relocation;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;

/** All that a step of a Mac finds in its place, for as long as it runs. Closed when no process of the account lives. */
final class MacStep implements Closeable {
    private static final int KILLED = 137;

    /** What {@link Traces} tell of. */
    static final String HOME_TRACE = "home";

    static final String SCOREBOARD_TRACE = "scoreboard";

    static final String BLOCK_TRACE = "no-network";

    static final String TOKEN_TRACE = "packet-filter";

    private final Commands commands;
    private final MacSettings settings;
    private final Optional<Relocation> relocation;
    private final PacketFilter filter;
    private final AccountSlot account;
    private final Path home;
    private final Undo undo = new Undo();
    private Optional<Path> secrets = Optional.empty();

    MacStep(
            Commands commands,
            MacSettings settings,
            Optional<Relocation> relocation,
            PacketFilter filter,
            AccountSlot account) {
        this.commands = commands;
        this.settings = settings;
        this.relocation = relocation;
        this.filter = filter;
        this.account = account;
        home = settings.homeOf(account.uid());
    }

    /** Puts it all there. */
    void place(Sandbox.Command command, Path rootfs, MacPrefix prefix, Cancellation cancellation) throws IOException {
        int uid = account.uid();
        TreeOwner.giveUnlessOwned(rootfs, uid);
        try (Dir dir = Dir.open(rootfs)) {
            dir.chmod(0700);
        }
        prefix.beforeHome(rootfs, undo, cancellation);
        placeHome(rootfs);
        for (Sandbox.CacheDirectory cache : command.caches()) {
            placeCache(cache);
        }
        placeTemporary();
        placeStatus();
        if (!command.secrets().isEmpty()) {
            placeSecrets(command.secrets());
        }
        MacScoreboard board = new MacScoreboard(settings.scoreboard());
        account.traces().add(SCOREBOARD_TRACE, settings.scoreboard().toString());
        undo.add(() -> board.clear(uid));
        board.lead(uid, home);
        prefix.onceLed(uid, undo, cancellation);
        if (!command.hostNetwork() && !settings.openNetwork()) {
            account.traces().add(BLOCK_TRACE, "");
            PacketFilter.Block block =
                    filter.block(uid, token -> account.traces().add(TOKEN_TRACE, token));
            // What could not be killed keeps out of the network.
            undo.add(() -> {
                if (!account.isStuck()) {
                    block.close();
                }
            });
        }
    }

    private void placeHome(Path rootfs) throws IOException {
        Files.createDirectories(home.getParent());
        if (Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
            try (Dir parent = Dir.open(home.getParent())) {
                // Not empty: it is somebody's.
                parent.removeDir(Bytes.ofText(home.getFileName().toString()));
            } catch (HostException e) {
                throw new HostException(
                        home
                                + " is there already, so it may be somebody's; move it away, or choose other user numbers: "
                                + e.getMessage(),
                        e);
            }
        }
        account.traces().add(HOME_TRACE, home.toString());
        Optional<Closeable> moved = relocate(rootfs, home);
        undo.add(moved.isPresent() ? moved.get() : MovedTree.move(commands, rootfs, home));
    }

    private void placeCache(Sandbox.CacheDirectory cache) throws IOException {
        TreeOwner.giveUnlessOwned(cache.directory(), account.uid());
        String relative = HomePaths.relative(cache.target(), home, "have a cache at");
        if (relative.isEmpty()) {
            throw new HostException("the home itself cannot be a cache on macOS");
        }
        try (Dir place = HomePaths.openOrMake(home, relative, account.uid())) {
            if (!place.list().isEmpty()) {
                throw new HostException("cannot have a cache at " + Bytes.toText(cache.target())
                        + ": the home has files there, which macOS cannot hide");
            }
        }
        Path target = home.resolve(Bytes.toText(relative));
        Optional<Closeable> moved = relocate(cache.directory(), target);
        undo.add(moved.isPresent() ? moved.get() : new MovedCache(commands, cache.directory(), home, relative).open());
    }

    private Optional<Closeable> relocate(Path directory, Path to) throws IOException {
        return relocation.isPresent() ? relocation.get().move(directory, to) : Optional.empty();
    }

    private void placeTemporary() throws IOException {
        Path directory = settings.temporary(account.uid());
        makeParent(directory);
        undo.add(() -> PrivateFiles.removeTree(directory));
        PrivateFiles.removeTree(directory);
        PrivateFiles.makeDirectory(directory, "rwx------");
        TreeOwner.give(directory, account.uid());
    }

    private void placeStatus() throws IOException {
        Path file = settings.status(account.uid());
        makeParent(file);
        undo.add(() -> PrivateFiles.removeTree(file));
        PrivateFiles.removeTree(file);
        PrivateFiles.write(file, new byte[0], "rw-------");
        TreeOwner.giveFile(file, account.uid());
    }

    private void placeSecrets(List<Sandbox.Secret> values) throws IOException {
        Path directory = settings.secrets(account.uid());
        makeParent(directory);
        undo.add(() -> PrivateFiles.removeTree(directory));
        PrivateFiles.removeTree(directory);
        PrivateFiles.makeDirectory(directory, "rwx--x--x");
        undo.add(MemoryDirectory.mount(commands, directory));
        try (Dir dir = Dir.open(directory)) {
            dir.chmod(0711);
        }
        SecretFiles.write(values, directory, account.uid());
        secrets = Optional.of(directory);
    }

    private static void makeParent(Path directory) throws IOException {
        if (!Files.isDirectory(directory.getParent())) {
            PrivateFiles.makeDirectory(directory.getParent(), "rwx--x--x");
        }
    }

    /** Whatever the command left running is ended before the end of its output is waited for, and before the home is taken away. */
    int execute(Sandbox.Command command, OptionalInt processes, Path store, OutputStream log, Cancellation cancellation)
            throws IOException {
        Path temporary = settings.temporary(account.uid());
        Optional<String> seatbelt = settings.seatbelt()
                ? Optional.of(Seatbelt.profile(
                        List.of(home.toRealPath(), settings.prefix(), temporary.toRealPath()),
                        List.of(store),
                        command.hostNetwork() || settings.openNetwork()))
                : Optional.empty();
        Path statusFile = settings.status(account.uid());
        MacCommand.Login login =
                new MacCommand.Login(account.name(), home, temporary, statusFile, secrets, processes, seatbelt);
        AtomicBoolean ended = new AtomicBoolean();
        try {
            int status = commands.execute(MacCommand.of(command, login)
                            .streamTo(log)
                            .untilCancelled(cancellation)
                            .afterExit(() -> {
                                account.endProcesses();
                                ended.set(true);
                            }))
                    .status();
            return status == 0 && !hasSucceeded(statusFile) ? KILLED : status;
        } finally {
            if (!ended.get()) {
                account.endProcesses();
            }
        }
    }

    /** Whether the login shell came to its end with status 0: su cannot tell that it was killed. */
    private static boolean hasSucceeded(Path statusFile) throws IOException {
        try (Dir parent = Dir.open(statusFile.getParent());
                OpenFile file =
                        parent.openFile(Bytes.ofText(statusFile.getFileName().toString()))) {
            byte[] digits = new byte[4];
            int read = file.read(digits, 0, digits.length);
            return read > 0
                    && new String(digits, 0, read, StandardCharsets.US_ASCII)
                            .strip()
                            .equals("0");
        }
    }

    @Override
    public void close() throws IOException {
        undo.close();
        if (!account.isStuck()) {
            // All of it is undone: nothing of it is left to be cleared up.
            account.traces().begin();
        }
    }
}
