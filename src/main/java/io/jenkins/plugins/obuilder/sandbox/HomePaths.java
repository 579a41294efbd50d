package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Paths below the home that a spec names. */
final class HomePaths {
    private HomePaths() {}

    /**
     * What stands below the home, without a slash at either end; empty for the home itself.
     *
     * @param what for the error: {@code "copy to"}
     * @throws HostException when it is not the home or below it
     */
    static String relative(String absolutePath, Path home, String what) throws HostException {
        List<String> parts = parts(absolutePath);
        List<String> baseParts = parts(Bytes.ofText(home.toString()));
        if (!isBelow(absolutePath, home)) {
            throw new HostException("cannot " + what + " " + Bytes.toText(absolutePath)
                    + ": the user sandbox has only the home, " + home
                    + ", and what is below; begin the spec with (workdir "
                    + home + ") or write the whole path");
        }
        return String.join("/", parts.subList(baseParts.size(), parts.size()));
    }

    /** Whether it is this directory or below it. */
    static boolean isBelow(String absolutePath, Path directory) {
        List<String> parts = parts(absolutePath);
        List<String> base = parts(Bytes.ofText(directory.toString()));
        return !parts.contains("..")
                && parts.size() >= base.size()
                && parts.subList(0, base.size()).equals(base);
    }

    private static List<String> parts(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/")) {
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }

    /** Opens a directory below the home, making what is missing for its owner; a link on the way is refused. */
    static Dir openOrMake(Path home, String relative, int uid) throws HostException {
        Dir dir = Dir.open(home);
        for (String part : parts(relative)) {
            try (Dir outer = dir) {
                Optional<FileStat> there = outer.stat(part);
                if (there.isEmpty()) {
                    dir = outer.makeDir(part, 0755);
                    dir.chown(uid, uid);
                } else {
                    dir = outer.openDir(part);
                }
            }
        }
        return dir;
    }
}
