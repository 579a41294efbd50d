package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.Descriptors;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The files of one tree that the kernel knows, each by a number that is never used again, in this tree or another: what the kernel
 * remembers of one can not be taken for another. A file is one node however many names it has. Thread-safe.
 */
final class Nodes {
    /** Over all trees. */
    private static final AtomicLong NUMBERS = new AtomicLong(FileSystem.ROOT);

    private record File(long device, long inode) {}

    /** A file; {@code fd} is a descriptor as {@link Descriptors} has them, valid as long as the kernel knows the node. */
    static final class Node {
        final long number;
        final int fd;
        /** The kind, as in {@code st_mode}. */
        final int kind;

        private final File file;
        private long lookups = 1;

        private Node(long number, int fd, int kind, File file) {
            this.number = number;
            this.fd = fd;
            this.kind = kind;
            this.file = file;
        }
    }

    private static final int KIND = 0170000;

    private final Map<Long, Node> byNumber = new ConcurrentHashMap<>();
    private final Map<File, Node> byFile = new HashMap<>();
    private final Node root;

    /** With the root directory, which is taken over; {@code calls} has just looked at it. */
    Nodes(int rootFd, Descriptors calls) {
        root = new Node(FileSystem.ROOT, rootFd, calls.modeOfStat() & KIND, seen(calls));
        byNumber.put(FileSystem.ROOT, root);
        byFile.put(root.file, root);
    }

    private static File seen(Descriptors calls) {
        return new File(calls.deviceOfStat(), calls.inodeOfStat());
    }

    /** Null when the kernel should not know it: it is of another tree. */
    Node get(long number) {
        return byNumber.get(number);
    }

    int size() {
        return byNumber.size();
    }

    /** The kernel gets to know a file once more; {@code fd} is taken over. {@code calls} has just looked at it. */
    synchronized Node know(int fd, Descriptors calls) {
        File file = seen(calls);
        Node known = byFile.get(file);
        if (known != null) {
            calls.close(fd);
            known.lookups++;
            return known;
        }
        Node node = new Node(NUMBERS.incrementAndGet(), fd, calls.modeOfStat() & KIND, file);
        byFile.put(file, node);
        byNumber.put(node.number, node);
        return node;
    }

    /** Like {@link #know}, but only for a file that the kernel knows already; null otherwise, and {@code fd} is closed then, too. */
    synchronized Node knowAgain(int fd, Descriptors calls) {
        Node known = byFile.get(seen(calls));
        calls.close(fd);
        if (known != null) {
            known.lookups++;
        }
        return known;
    }

    /** The kernel has forgotten it so many times. */
    synchronized void forget(long number, long times, Descriptors calls) {
        Node node = byNumber.get(number);
        if (node == null || node == root) {
            return;
        }
        node.lookups -= times;
        if (node.lookups <= 0) {
            byNumber.remove(number);
            byFile.remove(node.file);
            calls.close(node.fd);
        }
    }

    /** The number to show for a file: one file system's as they are, those of others so that they hardly coincide with them. */
    long shownInode(Descriptors calls) {
        long device = calls.deviceOfStat();
        long inode = calls.inodeOfStat();
        return device == root.file.device ? inode : inode ^ device * 0x9E3779B97F4A7C15L;
    }

    /** Closes all of it. Nobody may be using it. */
    synchronized void close(Descriptors calls) {
        byNumber.values().forEach(node -> calls.close(node.fd));
        byNumber.clear();
        byFile.clear();
    }
}
