package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileException;
import io.jenkins.plugins.obuilder.host.FileKind;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.OpenFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces regular files of a tree by hard links to the same files of the tree that it was copied from. Those that nobody has touched
 * since are the same; of others that look the same, the contents are compared. Nothing that can be seen changes but the number of links.
 */
final class LinkSharing {
    /** Deeper down nothing is shared: two descriptors are open for each. */
    static final int MAX_DEPTH = 500;

    private static final String TEMPORARY = ".shared-";

    private final Dir base;
    private final Optional<CopiedTree> proof;
    private final boolean comparing;
    private final byte[] one = new byte[OpenFile.BLOCK];
    private final byte[] other = new byte[OpenFile.BLOCK];

    /** Files of the base that a touched file was replaced by: two such files that have one each must not become one. */
    private final Set<Long> taken = new HashSet<>();

    /**
     * @param base the tree that was copied
     * @param proof the copy, when it was made; empty where that proves nothing
     * @param comparing whether to compare contents where there is no proof, rather than to trust in time and size
     */
    LinkSharing(Dir base, Optional<CopiedTree> proof, boolean comparing) {
        this.base = base;
        this.proof = proof;
        this.comparing = comparing;
    }

    /** Shares what can be shared. */
    void share(Dir tree) throws IOException {
        share(tree, List.of());
    }

    private void share(Dir directory, List<String> path) throws IOException {
        FileStat stat = directory.stat();
        try (Found here = new Found(path);
                Found before =
                        new Found(proof.map(tree -> tree.originalPath(stat)).orElse(null))) {
            boolean changed = false;
            for (Dir.Entry entry : directory.list()) {
                FileStat file = directory.stat(entry.name()).orElseThrow();
                if (file.isDirectory() && path.size() < MAX_DEPTH) {
                    try (Dir child = directory.openDir(entry.name())) {
                        share(child, child(path, entry.name()));
                    }
                } else if (file.kind() == FileKind.FILE) {
                    changed |= share(directory, entry.name(), file, here, before);
                }
            }
            if (changed) {
                directory.setTime(stat.mtime());
            }
        }
    }

    private boolean share(Dir directory, String name, FileStat file, Found here, Found before) throws IOException {
        if (proof.isPresent() && proof.get().isUntouched(file)) {
            Optional<FileStat> same = before.stat(name).filter(original -> looksLike(original, file));
            return same.isPresent() && replace(directory, name, before.directory);
        }
        Optional<FileStat> same = here.stat(name).filter(original -> looksLike(original, file));
        if (same.isEmpty()
                || file.links() > 1
                || taken.contains(same.get().inode())
                || same.get().isSameFile(file)) {
            return false;
        }
        if (!sameAttributes(directory, here.directory, name)
                || comparing && !sameContents(directory, here.directory, name)) {
            return false;
        }
        taken.add(same.get().inode());
        return replace(directory, name, here.directory);
    }

    private static boolean looksLike(FileStat one, FileStat other) {
        return one.kind() == other.kind()
                && one.size() == other.size()
                && one.mtime().equals(other.mtime())
                && one.mode() == other.mode()
                && one.uid() == other.uid()
                && one.gid() == other.gid();
    }

    private static boolean sameAttributes(Dir a, Dir b, String name) throws IOException {
        Map<String, byte[]> some = a.xattrs(name).all();
        Map<String, byte[]> others = b.xattrs(name).all();
        return some.keySet().equals(others.keySet())
                && some.entrySet().stream()
                        .allMatch(attribute -> Arrays.equals(attribute.getValue(), others.get(attribute.getKey())));
    }

    private boolean sameContents(Dir a, Dir b, String name) throws IOException {
        try (OpenFile some = a.openFile(name);
                OpenFile others = b.openFile(name)) {
            int n = fill(some, one);
            while (n > 0) {
                if (fill(others, other) != n || !Arrays.equals(one, 0, n, other, 0, n)) {
                    return false;
                }
                n = fill(some, one);
            }
            return fill(others, other) == 0;
        }
    }

    private static int fill(OpenFile file, byte[] block) throws IOException {
        int filled = 0;
        int n = 0;
        while (filled < block.length && n >= 0) {
            n = file.read(block, filled, block.length - filled);
            filled += Math.max(n, 0);
        }
        return filled;
    }

    /** False where the other file has as many names already as the file system allows. */
    private static boolean replace(Dir directory, String name, Dir original) throws IOException {
        String temporary = unused(directory);
        try {
            directory.link(temporary, original, name);
        } catch (FileException e) {
            if (e.hasTooManyLinks()) {
                return false;
            }
            throw e;
        }
        directory.rename(temporary, directory, name);
        return true;
    }

    private static String unused(Dir directory) throws IOException {
        int n = 0;
        while (directory.stat(TEMPORARY + n).isPresent()) {
            n++;
        }
        return TEMPORARY + n;
    }

    static List<String> child(List<String> path, String name) {
        List<String> child = new ArrayList<>(path);
        child.add(name);
        return child;
    }

    /** A directory of the base, if it is there. */
    private final class Found implements AutoCloseable {
        private final Dir directory;

        /** @param path null for none */
        Found(List<String> path) throws IOException {
            directory = path == null ? null : open(path);
        }

        private Dir open(List<String> path) throws IOException {
            Dir at = base.reopen();
            for (String name : path) {
                try (Dir parent = at) {
                    if (parent.stat(name).filter(FileStat::isDirectory).isEmpty()) {
                        return null;
                    }
                    at = parent.openDir(name);
                }
            }
            return at;
        }

        Optional<FileStat> stat(String name) throws IOException {
            return directory == null ? Optional.empty() : directory.stat(name);
        }

        @Override
        public void close() throws IOException {
            if (directory != null) {
                directory.close();
            }
        }
    }
}
