package io.jenkins.plugins.obuilder.testing;

import io.jenkins.plugins.obuilder.host.LinuxMounts;
import io.jenkins.plugins.obuilder.host.Mounts;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A daemon of Debian's zfs-fuse of one's own: what tells the commands their daemon is mounted in this namespace alone, so that two checks do
 * not meet. The commands are stand-ins, in {@code src/test/zfs-fuse}, which answer as those of OpenZFS do.
 */
final class ZfsFuseDaemon implements Closeable {
    private static final Path BIN = Path.of("/usr/sbin");
    private static final List<String> COMMANDS = List.of("zfs", "zpool");
    private static final List<Path> STATE =
            List.of(Path.of("/run/zfs"), Path.of("/run/lock/zfs"), Path.of("/var/lib/zfs"));

    private final Path directory;
    private Process daemon;

    private ZfsFuseDaemon(Path directory) {
        this.directory = directory;
    }

    static ZfsFuseDaemon start(Path directory) throws IOException {
        ZfsFuseDaemon daemon = new ZfsFuseDaemon(directory);
        boolean started = false;
        try {
            daemon.start();
            started = true;
            return daemon;
        } finally {
            if (!started) {
                daemon.close();
            }
        }
    }

    private void start() throws IOException {
        for (Path place : STATE) {
            Files.createDirectories(place);
            LinuxMounts.tmpfs(place, "mode=755");
        }
        // The real commands stay reachable at another place, and the stand-ins take theirs, for whatever process looks
        // for them.
        Path real = Files.createDirectories(directory.resolve("bin"));
        Path standIns = Path.of("src/test/zfs-fuse").toAbsolutePath();
        for (String command : COMMANDS) {
            Files.createFile(real.resolve(command));
            LinuxMounts.bind(BIN.resolve(command), real.resolve(command));
            Path script = directory.resolve(command);
            Files.writeString(
                    script,
                    Files.readString(standIns.resolve(command)).replace("${ZFS_FUSE_BIN:-/usr/sbin}", real.toString()));
            Tools.run(directory, "chmod", "755", script.toString());
            LinuxMounts.bind(script, BIN.resolve(command));
        }
        daemon = new ProcessBuilder(
                        "/usr/sbin/zfs-fuse",
                        "-n",
                        "--no-kstat-mount",
                        "-x",
                        "-p",
                        directory.resolve("pid").toString())
                .directory(new File("/"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("daemon.log").toFile())
                .start();
        await(real.resolve("zpool"));
    }

    private void await(Path zpool) throws IOException {
        for (int i = 0; i < 200; i++) {
            if (Need.command(zpool.toString(), "list").isEmpty()) {
                return;
            }
            pause();
        }
        throw new IOException("zfs-fuse does not answer: " + Files.readString(directory.resolve("daemon.log")));
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Kills it: asked to end, it hangs now and then, and nobody wants its pools any more. */
    @Override
    public void close() throws IOException {
        if (daemon != null) {
            daemon.destroyForcibly();
            try {
                daemon.waitFor(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        for (String command : COMMANDS) {
            Mounts.unmount(BIN.resolve(command));
            Mounts.unmount(directory.resolve("bin").resolve(command));
        }
        for (Path place : STATE) {
            Mounts.unmount(place);
        }
    }
}
