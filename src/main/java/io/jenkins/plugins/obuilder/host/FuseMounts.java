package io.jenkins.plugins.obuilder.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Mounts of {@link FuseConnection} whose process does not answer, or is no more. */
public final class FuseMounts {
    private static final Path CONNECTIONS = Path.of("/sys/fs/fuse/connections");

    private FuseMounts() {}

    /**
     * Makes the kernel answer everybody who waits for a mount, or will, with "not connected": nothing else frees them from a server that
     * is stuck. Does nothing where the kernel has no such connection any more.
     */
    public static void abort(MountPoint mount) throws HostException {
        if (!Kernel.isLinux()) {
            // Darwin unmounts by force, which does the same.
            return;
        }
        String number = Long.toString(mount.device() & 0xffffffffL);
        boolean ours = !Files.isDirectory(CONNECTIONS.resolve(number));
        if (ours) {
            LinuxMounts.mount("fusectl", CONNECTIONS.toString(), "fusectl", 0, "");
        }
        try {
            Path abort = CONNECTIONS.resolve(number).resolve("abort");
            if (Files.exists(abort)) {
                Files.writeString(abort, "1");
            }
        } catch (IOException e) {
            throw new HostException("cannot end the connection of " + mount.path() + ": " + e.getMessage(), e);
        } finally {
            if (ours) {
                Mounts.unmount(CONNECTIONS);
            }
        }
    }
}
