package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.obuilderfs.Scoreboard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The links of a step's account in the scoreboard, in a directory where others may have put something in their place. */
record MacScoreboard(Path directory) {
    void lead(int uid, Path home) throws IOException {
        Files.createDirectories(directory);
        String name = Integer.toString(uid);
        try (Scoreboard board = Scoreboard.open(directory);
                Dir dir = Dir.open(directory)) {
            Optional<FileStat> there = dir.stat(name);
            if (there.isPresent() && !there.get().isSymlink()) {
                // A directory cannot be replaced by a link.
                dir.removeTree(name);
            }
            board.lead(uid, home);
        }
    }

    /** Removes the link, if it is root's; also where {@link #lead} would refuse to make one. */
    void clear(int uid) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        String name = Integer.toString(uid);
        try (Dir dir = Dir.open(directory)) {
            Optional<FileStat> there = dir.stat(name);
            if (there.isPresent() && there.get().isSymlink() && there.get().uid() == 0) {
                dir.unlink(name);
            }
        }
    }
}
