package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import java.util.List;

/** What a kernel does with mounts. */
interface MountCalls {
    /** All that this process sees, in the order of their making. */
    List<MountPoint> list() throws HostException;

    /**
     * Unmounts what is mounted on top there, unless it is busy (EBUSY). EINVAL or ENOENT: there is nothing.
     *
     * @param path NUL-terminated
     * @param byForce also when it is busy
     */
    void unmount(byte[] path, boolean byForce) throws LastErrorException;
}
