package io.jenkins.plugins.obuilder.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The kernel's side of a file system in user space: requests come out, replies go in. The kernel ends it when the process that has it ends,
 * however that happens; what is mounted then answers "not connected" at once. Thread-safe.
 */
public interface FuseConnection {
    /**
     * Mounts a file system for all users, without devices and set-uid programs; from now on somebody must {@link #receive}.
     *
     * @param target a directory whose path is trusted
     * @throws HostException also when the kernel has no FUSE
     */
    static FuseConnection mount(Path target, boolean readOnly) throws HostException {
        return Kernel.isLinux() ? LinuxFuse.mount(target, readOnly) : MacFuse.mount(target, readOnly);
    }

    /** Whether the requests and replies have what macFUSE adds to them. */
    static boolean isMacFuse() {
        return !Kernel.isLinux();
    }

    /** Why there is none on this host, and what to do about it; empty when there is. Changes nothing. */
    static Optional<String> whyUnsupported() {
        if (!Kernel.isLinux()) {
            return MacFuse.whyUnsupported();
        }
        return Files.exists(Path.of("/dev/fuse"))
                ? Optional.empty()
                : Optional.of("there is no /dev/fuse; on Linux, load the kernel's module: modprobe fuse");
    }

    /** Whether a mount is one of this kind. */
    static boolean isOurs(MountPoint mount) {
        return mount.type().equals(Kernel.isLinux() ? LinuxFuse.TYPE : MacFuse.TYPE);
    }

    /** Waits for the next request, which must find room. Returns its length; 0 when it is unmounted. */
    int receive(NativeBuffer into) throws HostException;

    /** Sends the first bytes of a buffer as a reply; does nothing when nobody waits for it any more. */
    void send(NativeBuffer from, int length) throws HostException;
}
