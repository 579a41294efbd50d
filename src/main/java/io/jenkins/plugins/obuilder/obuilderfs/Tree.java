package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.Descriptors;
import io.jenkins.plugins.obuilder.host.Errno;
import io.jenkins.plugins.obuilder.host.NativeBuffer;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** One user's {@code local}, open, with the files that the kernel knows of it and those that are open in it. Thread-safe. */
final class Tree {
    static final int KIND = 0170000;
    static final int DIRECTORY = 0040000;
    static final int REGULAR = 0100000;

    /** Over all trees: what was open in one is never taken for what is open in another. 0 is nobody's. */
    private static final AtomicLong HANDLES = new AtomicLong();

    private static final int SYMLINK = 0120000;
    private static final int MOST_LINKS = 40;
    private static final int MAX_PATH = 4096;

    final int uid;
    /** What led to it. */
    final Scoreboard.Link link;

    final Nodes nodes;
    private final Map<Long, Integer> open = new ConcurrentHashMap<>();

    private Tree(int uid, Scoreboard.Link link, Nodes nodes) {
        this.uid = uid;
        this.link = link;
        this.nodes = nodes;
    }

    /** What came of opening one: a tree, or an error's number. */
    record Opened(Tree tree, int error) {}

    /**
     * Opens it with the rights that the thread has. The way to the home is trusted and its links are followed, as the root side has
     * written it; its {@code local} belongs to the user, and must be a directory, no link.
     *
     * @param forbidden the device of the server's own mount, where it must not lie
     */
    static Opened open(int uid, Scoreboard.Link link, long forbidden, Descriptors calls) {
        int home = walk(link.home(), forbidden, calls);
        if (home < 0) {
            return new Opened(null, -home);
        }
        int root = calls.node(home, text(RedirectFiles.LINK), 0, forbidden);
        calls.close(home);
        if (root < 0) {
            return new Opened(null, -root);
        }
        int error = calls.stat(root);
        if (error == 0 && (calls.modeOfStat() & KIND) != DIRECTORY) {
            error = -Errno.ENOTDIR;
        }
        if (error < 0) {
            calls.close(root);
            return new Opened(null, -error);
        }
        return new Opened(new Tree(uid, link, new Nodes(root, calls)), 0);
    }

    /** The node of an absolute path, or a negative error; step by step, so that no step enters the forbidden device. */
    private static int walk(String path, long forbidden, Descriptors calls) {
        Deque<String> ahead = new ArrayDeque<>(Arrays.asList(path.split("/")));
        int at = calls.rootDirectory();
        int links = 0;
        while (at >= 0 && !ahead.isEmpty()) {
            String name = ahead.pop();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            int next = calls.node(at, text(name), 0, forbidden);
            int error = next < 0 ? next : calls.stat(next);
            if (error == 0 && (calls.modeOfStat() & KIND) == SYMLINK) {
                String target = links++ < MOST_LINKS ? target(next, calls) : null;
                calls.close(next);
                if (target == null) {
                    error = -Errno.ELOOP;
                } else {
                    for (String part : reversed(target.split("/"))) {
                        ahead.push(part);
                    }
                    if (target.startsWith("/")) {
                        calls.close(at);
                        at = calls.rootDirectory();
                    }
                    continue;
                }
            }
            calls.close(at);
            at = error < 0 ? error : next;
        }
        return at;
    }

    /** Null where it cannot be read. */
    private static String target(int node, Descriptors calls) {
        NativeBuffer buffer = new NativeBuffer(MAX_PATH);
        int n = calls.readLink(node, buffer, 0, MAX_PATH);
        if (n < 0) {
            return null;
        }
        byte[] target = new byte[n];
        buffer.bytes().get(0, target);
        return Bytes.of(target);
    }

    private static List<String> reversed(String[] parts) {
        List<String> list = Arrays.asList(parts);
        Collections.reverse(list);
        return list;
    }

    private static NativeBuffer text(String byteString) {
        byte[] bytes = Bytes.toBytes(byteString);
        NativeBuffer buffer = new NativeBuffer(bytes.length + 1);
        buffer.bytes().put(0, bytes);
        return buffer;
    }

    /** Keeps a descriptor open under a number of its own. */
    long keep(int fd) {
        long handle = HANDLES.incrementAndGet();
        open.put(handle, fd);
        return handle;
    }

    /** The descriptor of a number; -1 when it is of another tree. */
    int kept(long handle) {
        Integer fd = open.get(handle);
        return fd == null ? -1 : fd;
    }

    void release(long handle, Descriptors calls) {
        Integer fd = open.remove(handle);
        if (fd != null) {
            calls.close(fd);
        }
    }

    /** Closes all of it. Nobody may be using it. */
    void close(Descriptors calls) {
        open.values().forEach(calls::close);
        open.clear();
        nodes.close(calls);
    }
}
