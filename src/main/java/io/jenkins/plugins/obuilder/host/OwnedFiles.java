package io.jenkins.plugins.obuilder.host;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files of one user in directories that others use too. No process of the user may live. */
final class OwnedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(OwnedFiles.class);
    private static final int WRITABLE_FOR_ALL = 0002;

    private OwnedFiles() {}

    /**
     * Removes what the user owns in a directory, as far as it goes: what cannot be removed is logged. What others own is gone through only
     * where the user could have made files in it. Does nothing where there is no such directory.
     *
     * @param depth how far down, 1 for the directory alone
     */
    static void remove(Path directory, int uid, int depth) throws HostException {
        if (Files.isDirectory(directory)) {
            try (Dir dir = Dir.open(directory)) {
                remove(dir, uid, depth);
            }
        }
    }

    static void remove(Dir dir, int uid, int depth) throws HostException {
        for (Dir.Entry entry : dir.list()) {
            try {
                remove(dir, entry.name(), uid, depth);
            } catch (FileException e) {
                // Others are at work there, and may take away what was just listed.
                if (!e.isMissing()) {
                    LOG.warn("cannot look for what a build has left: {}", e.getMessage());
                }
            }
        }
    }

    private static void remove(Dir dir, String name, int uid, int depth) throws HostException {
        Optional<FileStat> stat = dir.stat(name);
        if (stat.isEmpty()) {
            return;
        }
        if (stat.get().uid() == uid) {
            removeTree(dir, name);
        } else if (stat.get().isDirectory() && depth > 1 && (stat.get().mode() & WRITABLE_FOR_ALL) != 0) {
            try (Dir inner = dir.openDir(name)) {
                remove(inner, uid, depth - 1);
            }
        }
    }

    private static void removeTree(Dir dir, String name) {
        try {
            dir.removeTree(name);
        } catch (HostException e) {
            LOG.warn("cannot remove what a build has left: {}/{}: {}", dir, Bytes.toText(name), e.getMessage());
        }
    }
}
