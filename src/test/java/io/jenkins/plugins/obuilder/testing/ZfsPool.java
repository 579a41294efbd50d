package io.jenkins.plugins.obuilder.testing;

import io.jenkins.plugins.obuilder.host.MountPoint;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A pool of one's own in a file: on OpenZFS where the kernel has that, else on a daemon of zfs-fuse, which does not bear being used by
 * several threads at a time. Needs {@link Need#ZFS} and {@link Need#PRIVATE_ROOT}.
 */
public final class ZfsPool implements Closeable {
    public static final String NAME = "obuildertest";

    private static final long MIB = 1 << 20;

    private final Path directory;
    private final List<String> pools = new ArrayList<>();
    private ZfsFuseDaemon daemon;

    private ZfsPool(Path directory) {
        this.directory = directory;
    }

    /** Whether it is OpenZFS itself. */
    public static boolean isReal() {
        return Files.exists(Path.of("/dev/zfs"));
    }

    /**
     * Makes it.
     *
     * @param directory an empty one, for the pool's file and for what is mounted
     */
    public static ZfsPool make(Path directory, int mebibytes) throws IOException {
        ZfsPool pool = new ZfsPool(directory);
        boolean made = false;
        try {
            if (!isReal()) {
                pool.daemon = ZfsFuseDaemon.start(directory);
            }
            pool.make(NAME, mebibytes, pool.root());
            made = true;
            return pool;
        } finally {
            if (!made) {
                pool.close();
            }
        }
    }

    /** Makes another. @return where it is mounted */
    public Path another(String name, int mebibytes) throws IOException {
        return make(name, mebibytes, directory.resolve("pool-" + name));
    }

    private Path make(String name, int mebibytes, Path place) throws IOException {
        Path file = directory.resolve(name + ".img");
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(mebibytes * MIB);
        }
        Tools.run(Path.of("/"), "zpool", "create", "-f", "-m", place.toString(), name, file.toString());
        pools.add(name);
        return place;
    }

    /** Where the pool is mounted. */
    public Path root() {
        return directory.resolve("pool");
    }

    /** Unmounts all and removes it. */
    @Override
    public void close() throws IOException {
        if (daemon == null) {
            for (String pool : pools) {
                Tools.run(Path.of("/"), "zpool", "destroy", "-f", pool);
            }
            return;
        }
        try {
            for (MountPoint mount : Mounts.within(directory)) {
                if (mount.type().equals("fuse.zfs")) {
                    Mounts.unmountAll(Path.of(Bytes.toText(mount.path())));
                }
            }
        } finally {
            daemon.close();
        }
    }
}
