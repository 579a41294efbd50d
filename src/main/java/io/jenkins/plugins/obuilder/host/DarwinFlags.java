package io.jenkins.plugins.obuilder.host;

import static io.jenkins.plugins.obuilder.host.DarwinLibrary.checked;

import com.sun.jna.LastErrorException;

/**
 * The flags of files that chflags(1) sets. A file's owner may make it immutable: then not even root can remove, move or change it, until
 * the flag is taken away.
 */
final class DarwinFlags {
    static final int PROTECTED = DarwinLibC.UF_IMMUTABLE
            | DarwinLibC.UF_APPEND
            | DarwinLibC.SF_IMMUTABLE
            | DarwinLibC.SF_APPEND
            | DarwinLibC.SF_NOUNLINK;

    /** {@code struct attrlist}: two shorts, the first with how many sets follow; then these, of which the first is that of all files. */
    private static final int[] FLAGS = {DarwinLibC.ATTR_BIT_MAP_COUNT, DarwinLibC.ATTR_CMN_FLAGS, 0, 0, 0, 0};

    private DarwinFlags() {}

    static void unprotect(int fd) {
        byte[] stat = new byte[DarwinStat.BYTES];
        checked(DarwinLibC.fstat(fd, stat));
        int flags = DarwinStat.flags(stat);
        if ((flags & PROTECTED) != 0) {
            unlessUnsupported(DarwinLibC.fchflags(fd, without(flags)));
        }
    }

    /** Of whatever kind of file, a link itself included. */
    static void unprotect(int dir, byte[] name) {
        byte[] stat = new byte[DarwinStat.BYTES];
        checked(DarwinLibC.fstatat(dir, name, stat, DarwinLibC.AT_SYMLINK_NOFOLLOW));
        int flags = DarwinStat.flags(stat);
        if ((flags & PROTECTED) != 0) {
            int[] value = {without(flags)};
            unlessUnsupported(
                    DarwinLibC.setattrlistat(dir, name, FLAGS, value, Integer.BYTES, DarwinLibC.FSOPT_NOFOLLOW));
        }
    }

    /** As a file's owner may. False where the file system cannot. */
    static boolean protect(int dir, byte[] name) {
        return set(dir, name, DarwinLibC.UF_IMMUTABLE);
    }

    /** Takes all flags away. */
    static void clear(int dir, byte[] name) {
        set(dir, name, 0);
    }

    private static boolean set(int dir, byte[] name, int flags) {
        int[] value = {flags};
        return unlessUnsupported(
                DarwinLibC.setattrlistat(dir, name, FLAGS, value, Integer.BYTES, DarwinLibC.FSOPT_NOFOLLOW));
    }

    private static int without(int flags) {
        return flags & ~PROTECTED & ~DarwinLibC.SF_SYNTHETIC;
    }

    private static boolean unlessUnsupported(int result) {
        try {
            checked(result);
            return true;
        } catch (LastErrorException e) {
            if (!KernelErrors.OF_DARWIN.isUnsupported(e.getErrorCode())) {
                throw e;
            }
            return false;
        }
    }
}
