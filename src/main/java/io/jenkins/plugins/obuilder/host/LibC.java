package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;

/** The calls into libc that processes and mounts need. Paths are NUL-terminated bytes. */
final class LibC {
    static {
        Native.register(LibC.class, "c");
    }

    private LibC() {}

    /** A negative pid means the process group; signal 0 only asks whether it is there. */
    static native int kill(int pid, int signal) throws LastErrorException;
}
