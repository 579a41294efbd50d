package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.host.Pause;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A tree just after it was copied, so that it can be told later which of its files nobody has touched since: nothing changes a file or its
 * name without changing the time of the file's last change, and that time nobody can set.
 *
 * <p>That is so on file systems that note it of every write; on one that does not when a file is mapped into memory, like tmpfs, it
 * proves nothing.
 */
final class CopiedTree {
    /** Shows the time that changes have now: it advances by steps, and a second change within the same one could not be seen. */
    private static final String PROBE = "clock";

    private static final Set<String> NOTING_ALL_CHANGES = Set.of("ext4", "xfs", "btrfs", "f2fs");

    private final Map<Long, FileStat.FileTime> changed = new HashMap<>();
    private final Map<Long, List<String>> directories = new HashMap<>();

    private CopiedTree() {}

    /** Whether a kind of file system notes all changes. */
    static boolean isProofOn(String fileSystem) {
        return NOTING_ALL_CHANGES.contains(fileSystem);
    }

    /**
     * Looks at a tree, and waits until any change will be seen.
     *
     * @param beside a directory of the same file system that is otherwise empty
     */
    static CopiedTree of(Dir root, Dir beside) throws IOException {
        CopiedTree tree = new CopiedTree();
        tree.add(root, List.of(), 0);
        try (OpenFile probe = beside.createFile(PROBE, 0600)) {
            FileStat.FileTime now = probe.stat().ctime();
            while (probe.stat().ctime().equals(now)) {
                Pause.millis(1, "copying a tree");
                probe.chmod(0600);
            }
        } finally {
            beside.removeTree(PROBE);
        }
        return tree;
    }

    private void add(Dir directory, List<String> path, int depth) throws IOException {
        directories.put(directory.stat().inode(), path);
        if (depth == LinkSharing.MAX_DEPTH) {
            return;
        }
        for (Dir.Entry entry : directory.list()) {
            FileStat stat = directory.stat(entry.name()).orElseThrow();
            if (stat.isDirectory()) {
                try (Dir child = directory.openDir(entry.name())) {
                    add(child, LinkSharing.child(path, entry.name()), depth + 1);
                }
            } else {
                changed.put(stat.inode(), stat.ctime());
            }
        }
    }

    /** Whether nobody has touched a file, nor any of its names, since. */
    boolean isUntouched(FileStat file) {
        return file.ctime().equals(changed.get(file.inode()));
    }

    /** Where a directory was when it was copied; null for one that is new. */
    List<String> originalPath(FileStat directory) {
        return directories.get(directory.inode());
    }
}
