package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;

/** Named pipes and device files in open directories: sys/stat.h has that since macOS 13. */
final class DarwinNodes {
    private static final boolean THERE = load();

    private DarwinNodes() {}

    private static boolean load() {
        try {
            DarwinLibrary.bind(DarwinNodes.class);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false; // an older macOS
        }
    }

    private static native int mkfifoat(int dir, byte[] name, int mode);

    private static native int mknodat(int dir, byte[] name, int mode, int device);

    static void make(int dir, byte[] name, FileKind kind, int mode, int device) throws LastErrorException {
        if (!THERE || kind == FileKind.SOCKET) { // mknod(2) makes no sockets here
            throw new LastErrorException(KernelErrors.OF_DARWIN.notSupported());
        }
        DarwinLibrary.checked(
                kind == FileKind.FIFO ? mkfifoat(dir, name, mode) : mknodat(dir, name, kind.bits | mode, device));
    }
}
