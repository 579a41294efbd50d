package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.OpenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Saved logs and environments of results, {@code state/files/NAME/{log,env}}: a result that nobody works on is not mounted, and while it
 * is, whoever follows its log must not keep it busy. The result itself has copies, which the reference reads.
 */
final class ZfsFiles {
    private static final List<String> NAMES = List.of("log", "env");

    private final Path directory;

    ZfsFiles(Path root) throws IOException {
        directory = Files.createDirectories(root.resolve("state/files"));
    }

    Path directory() {
        return directory;
    }

    Path log(String name) {
        return directory.resolve(name).resolve("log");
    }

    Path env(String name) {
        return directory.resolve(name).resolve("env");
    }

    boolean exist(String name) {
        return Files.isDirectory(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    /** Makes room for those of a new result. */
    void make(String name) throws IOException {
        Files.createDirectory(directory.resolve(name));
    }

    void remove(String name) throws IOException {
        try (Dir parent = Dir.open(directory)) {
            parent.removeTree(name);
        }
    }

    /** Copies them into a result's own directory, in place of those that came from its base. */
    void copyInto(String name, Path result) throws IOException {
        try (Dir from = Dir.open(directory.resolve(name));
                Dir to = Dir.open(result)) {
            copy(from, to);
        }
    }

    /** Copies them from a result's own directory. */
    void copyFrom(Path result, String name) throws IOException {
        make(name);
        try (Dir from = Dir.open(result);
                Dir to = Dir.open(directory.resolve(name))) {
            copy(from, to);
        }
    }

    private static void copy(Dir from, Dir to) throws IOException {
        for (String name : NAMES) {
            to.removeTree(name);
            if (from.stat(name).isEmpty()) {
                continue;
            }
            try (OpenFile source = from.openFile(name);
                    OpenFile target = to.createFile(name, 0644)) {
                target.copyFrom(source, source.stat().size());
            }
        }
    }
}
