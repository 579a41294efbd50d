package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.nio.file.Path;

/** Clones a whole directory at once, with everything in it. */
@FunctionalInterface
public interface TreeClone {
    /** @param copy must not exist; on the same volume */
    void clone(Path tree, Path copy) throws IOException;

    /** {@code clonefile(2)} of macOS 10.12 and later, on APFS. Owners are kept where root calls it. */
    static TreeClone ofMacos() {
        return (tree, copy) -> {
            if (!OperatingSystem.isMac()) {
                throw new HostException("clonefile(2) is a call of macOS");
            }
            try {
                Calls.clonefile(path(tree), path(copy), Calls.CLONE_NOFOLLOW);
            } catch (LastErrorException e) {
                throw new HostException("cannot clone " + tree + " as " + copy + ": " + LibC.describe(e), e);
            }
        };
    }

    private static byte[] path(Path path) {
        return FileCalls.name(Bytes.ofText(path.toAbsolutePath().toString()));
    }

    /** Of sys/clonefile.h. */
    final class Calls {
        static final int CLONE_NOFOLLOW = 1;

        static {
            Native.register(Calls.class, "c");
        }

        private Calls() {}

        static native int clonefile(byte[] from, byte[] to, int flags) throws LastErrorException;
    }
}
