package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is mounted, and its end. Links in the paths given are followed, so nobody hostile may be at work there at that moment.
 */
public final class Mounts {
    /** Of the kernel that this process runs on. */
    private static final MountCalls CALLS = Kernel.isLinux() ? new LinuxMountCalls() : new DarwinMountCalls();

    private Mounts() {}

    /** Unmounts what is mounted on top there, waiting a little while it is busy, then by force; nothing when nothing is mounted. */
    public static void unmount(Path target) throws HostException {
        unmount(target, Duration.ofSeconds(2));
    }

    /**
     * Unmounts what is mounted on top there; does nothing when nothing is.
     *
     * @param patience how long to try again while it is busy; after that Linux detaches it: it vanishes from the tree at once
     *     and is really unmounted when its last user has gone; Darwin takes it away from its users
     */
    public static void unmount(Path target, Duration patience) throws HostException {
        long deadline = System.nanoTime() + patience.toNanos();
        long pause = 1;
        while (true) {
            boolean last = System.nanoTime() >= deadline;
            try {
                CALLS.unmount(FileCalls.name(name(target)), last);
                return;
            } catch (LastErrorException e) {
                int error = e.getErrorCode();
                if (error == KernelErrors.EINVAL || error == KernelErrors.ENOENT) {
                    return;
                }
                if (last || error != KernelErrors.EBUSY && error != KernelErrors.EINTR) {
                    throw new HostException("cannot unmount " + target + ": " + Posix.describe(e), e);
                }
            }
            Pause.millis(pause, "waiting for a busy mount");
            pause = Math.min(2 * pause, 100);
        }
    }

    /** Unmounts all that is mounted at a directory and below it, the deepest first; the same place more than once if need be. */
    public static void unmountAll(Path directory) throws HostException {
        List<MountPoint> below = new ArrayList<>(within(directory));
        below.sort(Comparator.comparingInt(MountPoint::id).reversed());
        below.sort(Comparator.comparingInt((MountPoint mount) -> mount.path().length())
                .reversed());
        for (MountPoint mount : below) {
            unmount(Path.of(Bytes.toText(mount.path())));
        }
    }

    /** All mounts of this process' namespace, in the order of their making. */
    public static List<MountPoint> list() throws HostException {
        return CALLS.list();
    }

    /** The mounts at a directory and below it. */
    public static List<MountPoint> within(Path directory) throws HostException {
        return list().stream().filter(mount -> mount.isWithin(directory)).toList();
    }

    public static boolean isMountPoint(Path directory) throws HostException {
        return list().stream().anyMatch(mount -> mount.path().equals(name(directory)));
    }

    /** The path as a byte string. */
    static String name(Path path) {
        return Bytes.ofText(path.toAbsolutePath().normalize().toString());
    }
}
