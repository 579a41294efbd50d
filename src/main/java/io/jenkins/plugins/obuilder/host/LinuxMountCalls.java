package io.jenkins.plugins.obuilder.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** By Linux: those of the namespace that the calling thread is in. */
final class LinuxMountCalls implements MountCalls {
    private static final Path TABLE = Path.of("/proc/thread-self/mountinfo");

    @Override
    public List<MountPoint> list() throws HostException {
        try {
            return Files.readString(TABLE, ISO_8859_1)
                    .lines()
                    .map(MountPoint::parse)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            throw new HostException("cannot read the list of mounts: " + e.getMessage(), e);
        }
    }

    @Override
    public void unmount(byte[] path, boolean byForce) {
        LinuxCalls.umount2(path, LinuxCalls.UMOUNT_NOFOLLOW | (byForce ? LinuxCalls.MNT_DETACH : 0));
    }
}
