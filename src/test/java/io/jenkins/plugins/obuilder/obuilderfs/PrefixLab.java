package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.CommandResult;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A scoreboard, a mount point and two users with homes, for tests in a private namespace. Closing it unmounts. */
final class PrefixLab implements Closeable {
    static final int ALICE = 7705;
    static final int BOB = 7706;

    private static final Duration LIMIT = Duration.ofMinutes(2);

    final Path directory;
    final Path mountpoint;
    final Scoreboard scoreboard;
    final Obuilderfs view;
    private final List<Peer> peers = new ArrayList<>();

    /** Not mounted yet. */
    PrefixLab(Path directory, Mode mode) throws IOException {
        this.directory = directory.toRealPath();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        mountpoint = Files.createDirectories(this.directory.resolve("prefix"));
        scoreboard = Scoreboard.open(Files.createDirectories(this.directory.resolve("scoreboard")));
        for (int uid : new int[] {ALICE, BOB}) {
            makeHome(home(uid), uid);
            scoreboard.lead(uid, home(uid));
        }
        view = again(mode);
    }

    /** Another engine's view of the same. */
    Obuilderfs again(Mode mode) throws IOException {
        return new Obuilderfs(ObuilderfsSettings.of(scoreboard.path(), mountpoint, mode), run());
    }

    Path run() {
        return directory.resolve("run/obuilderfs");
    }

    void makeHome(Path home, int uid) throws IOException {
        Files.createDirectories(home.resolve("local"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        own(home, uid);
    }

    Path home(int uid) {
        return directory.resolve("homes").resolve("ob" + uid);
    }

    /** A user's tree as it lies on the disk. */
    Path local(int uid) {
        return home(uid).resolve("local");
    }

    /** Where every user finds it. */
    Path prefix() {
        return view.path();
    }

    /** Writes a file into a user's tree, behind the mount's back, with a time that is always the same. */
    void write(int uid, String name, String contents) throws IOException {
        Path file = local(uid).resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, Bytes.toBytes(contents));
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_700_000_000)));
        own(local(uid), uid);
    }

    void copy(Path program, int uid, String name) throws IOException {
        Files.copy(program, local(uid).resolve(name));
        Files.setLastModifiedTime(local(uid).resolve(name), FileTime.from(Instant.ofEpochSecond(1_700_000_000)));
        own(local(uid), uid);
    }

    static void own(Path tree, int uid) throws IOException {
        Tools.run(Path.of("/"), "chown", "-hR", uid + ":" + uid, tree.toString());
    }

    Peer peer(int uid) throws IOException {
        Peer peer = Peer.start(uid, directory);
        peers.add(peer);
        return peer;
    }

    /** Runs a shell script as a user, in the root directory. Whatever it does takes no longer than two minutes. */
    CommandResult sh(int uid, String script) throws IOException {
        return new SystemCommands().execute(shell(uid, script));
    }

    /** The same for a script that must succeed. Returns its output, a byte string. */
    String mustSh(int uid, String script) throws IOException {
        return Bytes.of(new SystemCommands().run(shell(uid, script)).output());
    }

    private HostCommand shell(int uid, String script) {
        String id = Integer.toString(uid);
        return HostCommand.of("run a script for a test", "setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups")
                .args("sh", "-euc", "umask 022; P=" + Tools.quoted(prefix().toString()) + "; export P; " + script)
                .env("HOME", home(uid).toString())
                .within(LIMIT);
    }

    @Override
    public void close() throws IOException {
        for (Peer peer : peers) {
            peer.close();
        }
        view.close();
        scoreboard.close();
    }
}
