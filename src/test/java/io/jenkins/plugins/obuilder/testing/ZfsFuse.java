package io.jenkins.plugins.obuilder.testing;

import io.jenkins.plugins.obuilder.host.LinuxMounts;
import io.jenkins.plugins.obuilder.host.MountPoint;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A pool of its own on Debian's zfs-fuse, with a daemon of its own: needs {@link Need#ZFS_FUSE} and {@link Need#PRIVATE_ROOT}, since what
 * tells the commands their daemon is mounted in this namespace alone, so that two checks do not meet. The commands are stand-ins, in
 * {@code src/test/zfs-fuse}, which answer as those of OpenZFS do. To be used by one thread at a time: the daemon does not bear more.
 */
public final class ZfsFuse implements Closeable {
    public static final String POOL = "obuildertest";

    private static final long MIB = 1 << 20;
    private static final Path BIN = Path.of("/usr/sbin");
    private static final List<Path> STATE =
            List.of(Path.of("/run/zfs"), Path.of("/run/lock/zfs"), Path.of("/var/lib/zfs"));

    private final Path directory;
    private final Path root;
    private Process daemon;

    private ZfsFuse(Path directory) {
        this.directory = directory;
        root = directory.resolve("pool");
    }

    /**
     * Starts a daemon and makes a pool.
     *
     * @param directory an empty one, for the pool's file and for what is mounted
     */
    public static ZfsFuse start(Path directory, int mebibytes) throws IOException {
        ZfsFuse zfs = new ZfsFuse(directory);
        boolean started = false;
        try {
            zfs.start(mebibytes);
            started = true;
            return zfs;
        } finally {
            if (!started) {
                zfs.close();
            }
        }
    }

    private void start(int mebibytes) throws IOException {
        for (Path place : STATE) {
            Files.createDirectories(place);
            LinuxMounts.tmpfs(place, "mode=755");
        }
        // The real commands stay reachable at another place, and the stand-ins take theirs, for whatever process looks
        // for them.
        Path real = Files.createDirectories(directory.resolve("bin"));
        Path standIns = Path.of("src/test/zfs-fuse").toAbsolutePath();
        for (String command : List.of("zfs", "zpool")) {
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
                .directory(new java.io.File("/"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("daemon.log").toFile())
                .start();
        awaitDaemon(real.resolve("zpool"));
        make(POOL, mebibytes, root);
    }

    /** Makes another pool. @return where it is mounted */
    public Path makePool(String name, int mebibytes) throws IOException {
        return make(name, mebibytes, directory.resolve("pool-" + name));
    }

    private Path make(String name, int mebibytes, Path place) throws IOException {
        Path file = directory.resolve(name + ".img");
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(mebibytes * MIB);
        }
        Tools.run(Path.of("/"), "zpool", "create", "-f", "-m", place.toString(), name, file.toString());
        return place;
    }

    private void awaitDaemon(Path zpool) throws IOException {
        for (int i = 0; i < 200; i++) {
            if (Need.command(zpool.toString(), "list").isEmpty()) {
                return;
            }
            pause();
        }
        throw new IOException("zfs-fuse does not answer: " + Files.readString(directory.resolve("daemon.log")));
    }

    /** Where the pool is mounted. */
    public Path root() {
        return root;
    }

    /** Ends the daemon as a crash would, or a loss of power: what was not written is lost. */
    public void kill() throws IOException {
        end(true);
        for (int i = 0; i < 3; i++) {
            Mounts.unmountAll(root);
        }
    }

    private void end(boolean atOnce) throws IOException {
        if (daemon == null) {
            return;
        }
        if (atOnce) {
            daemon.destroyForcibly();
        } else {
            daemon.destroy();
        }
        try {
            if (!daemon.waitFor(20, TimeUnit.SECONDS)) {
                daemon.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            daemon.destroyForcibly();
        }
        daemon = null;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Unmounts all, ends the daemon and removes the pool. */
    @Override
    public void close() throws IOException {
        for (MountPoint mount : Mounts.within(directory)) {
            if (mount.type().equals("fuse.zfs")) {
                Mounts.unmountAll(Path.of(Bytes.toText(mount.path())));
            }
        }
        end(false);
        for (String command : List.of("zfs", "zpool")) {
            Mounts.unmount(BIN.resolve(command));
            Mounts.unmount(directory.resolve("bin").resolve(command));
        }
        for (Path place : STATE) {
            Mounts.unmount(place);
        }
    }
}
