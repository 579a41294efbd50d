package io.jenkins.plugins.obuilder.host;

import static io.jenkins.plugins.obuilder.host.DarwinLibrary.checked;

import com.sun.jna.LastErrorException;

/** clonefile(2). */
final class DarwinClone {
    private DarwinClone() {}

    /** Of whole trees, too. Both are paths. */
    static void clone(byte[] from, byte[] to) throws LastErrorException {
        try {
            clone(from, to, DarwinLibC.CLONE_NOFOLLOW | DarwinLibC.CLONE_ACL);
        } catch (LastErrorException e) {
            if (e.getErrorCode() != KernelErrors.EINVAL) {
                throw e;
            }
            clone(from, to, DarwinLibC.CLONE_NOFOLLOW); // before macOS 13
        }
    }

    private static void clone(byte[] from, byte[] to, int flags) {
        checked(DarwinLibC.clonefileat(DarwinLibC.AT_FDCWD, from, DarwinLibC.AT_FDCWD, to, flags));
    }
}
