package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.nio.file.Path;

/** Clones a whole directory at once, with everything in it. */
@FunctionalInterface
public interface TreeClone {
    /** @param copy must not exist; on the same volume */
    void clone(Path tree, Path copy) throws IOException;

    /**
     * clonefile(2) of macOS 10.12 and later, on APFS. Owners are kept where root calls it; the bits set-uid and set-gid of files are not, and
     * ACLs since macOS 13 alone.
     */
    static TreeClone ofMacos() {
        return (tree, copy) -> {
            if (Kernel.current() != Kernel.DARWIN) {
                throw new HostException("clonefile(2) is a call of macOS");
            }
            try {
                DarwinClone.clone(path(tree), path(copy));
            } catch (LastErrorException e) {
                throw new HostException("cannot clone " + tree + " as " + copy + ": " + Posix.describe(e), e);
            }
        };
    }

    private static byte[] path(Path path) {
        return FileCalls.name(Bytes.ofText(path.toAbsolutePath().toString()));
    }
}
