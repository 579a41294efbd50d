package io.jenkins.plugins.obuilder.host;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whether root alone decides what is found at a path: the file, every directory on the way and every link, too, belong to root, and
 * neither a group nor everybody may write there. An access list that lets somebody write shows in the group's permissions on Linux.
 */
public final class OnlyRoot {
    private static final int WRITABLE_BY_GROUP = 0020;
    private static final int WRITABLE_BY_ALL = 0002;
    private static final int MAX_LINKS = 40;
    private static final Path TOP = Path.of("/");

    /** What was found to be in order, or why not. */
    private final Map<Path, Optional<String>> known = new HashMap<>();

    private OnlyRoot() {}

    /**
     * Why somebody else could change what is there; empty when nobody can.
     *
     * @throws HostException when it cannot be looked at, also because it does not exist
     */
    public static Optional<String> whyNot(Path path) throws HostException {
        return new OnlyRoot().way(path, false);
    }

    /** The same for what need not exist yet: then for the directories that do. */
    public static Optional<String> whyNotEvenIfMissing(Path path) throws HostException {
        return new OnlyRoot().way(path, true);
    }

    /** The same for all that is below a directory, and for all that links in it lead to. */
    public static Optional<String> whyNotTree(Path directory) throws HostException {
        OnlyRoot check = new OnlyRoot();
        Optional<String> way = check.way(directory, false);
        if (way.isPresent()) {
            return way;
        }
        List<String> why = new ArrayList<>();
        try {
            Files.walkFileTree(directory.toRealPath(), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                    return judge(dir);
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    return judge(file);
                }

                private FileVisitResult judge(Path file) throws IOException {
                    check.way(file, true).ifPresent(why::add);
                    return why.isEmpty() ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
                }
            });
        } catch (HostException e) {
            throw e;
        } catch (IOException e) {
            throw new HostException("cannot look at all that is in " + directory + ": " + e.getMessage(), e);
        }
        return why.stream().findFirst();
    }

    /** The directories that lead to a file, links resolved, from the top on, and the file itself: what a script can ask about again. */
    public static Set<Path> steps(Path file) throws HostException {
        Set<Path> steps = new LinkedHashSet<>();
        try {
            Path real = file.toRealPath();
            steps.add(TOP);
            for (int i = 1; i <= real.getNameCount(); i++) {
                steps.add(TOP.resolve(real.subpath(0, i)));
            }
            return steps;
        } catch (IOException e) {
            throw new HostException("cannot find " + file + ": " + e.getMessage(), e);
        }
    }

    private Optional<String> way(Path path, boolean mayBeMissing) throws HostException {
        Deque<Path> ahead = new ArrayDeque<>();
        path.toAbsolutePath().forEach(ahead::add);
        Path at = TOP;
        Optional<String> why = judge(at, Optional.empty());
        int links = 0;
        while (why.isEmpty() && !ahead.isEmpty()) {
            String name = ahead.pop().toString();
            if (name.equals(".") || name.isEmpty()) {
                continue;
            }
            if (name.equals("..")) {
                at = at.equals(TOP) ? TOP : at.getParent();
                continue;
            }
            Path next = at.resolve(name);
            Optional<Attributes> found = attributes(next);
            if (found.isEmpty()) {
                if (mayBeMissing) {
                    return Optional.empty();
                }
                throw new HostException("there is no " + next);
            }
            why = judge(next, found);
            if (found.get().link()) {
                if (++links > MAX_LINKS) {
                    throw new HostException("too many links on the way to " + path);
                }
                Path target = target(next);
                List<Path> parts = new ArrayList<>();
                target.forEach(parts::add);
                for (int i = parts.size() - 1; i >= 0; i--) {
                    ahead.push(parts.get(i));
                }
                at = target.isAbsolute() ? TOP : at;
            } else {
                at = next;
            }
        }
        return why;
    }

    private Optional<String> judge(Path path, Optional<Attributes> found) throws HostException {
        Optional<String> before = known.get(path);
        if (before != null) {
            return before;
        }
        Attributes attributes =
                found.isPresent() ? found.get() : attributes(path).orElseThrow();
        Optional<String> why = Optional.empty();
        if (attributes.uid() != 0) {
            why = Optional.of(path + " belongs to the user " + attributes.uid());
        } else if (!attributes.link() && (attributes.mode() & WRITABLE_BY_ALL) != 0) {
            why = Optional.of("everybody may write to " + path);
        } else if (!attributes.link() && (attributes.mode() & WRITABLE_BY_GROUP) != 0) {
            why = Optional.of("the group " + attributes.gid() + " may write to " + path);
        }
        known.put(path, why);
        return why;
    }

    private record Attributes(int uid, int gid, int mode, boolean link) {}

    private static Optional<Attributes> attributes(Path path) throws HostException {
        try {
            Map<String, Object> found =
                    Files.readAttributes(path, "unix:uid,gid,mode,isSymbolicLink", LinkOption.NOFOLLOW_LINKS);
            return Optional.of(
                    new Attributes((int) found.get("uid"), (int) found.get("gid"), (int) found.get("mode"), (boolean)
                            found.get("isSymbolicLink")));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new HostException("cannot look at " + path + ": " + e.getMessage(), e);
        }
    }

    private static Path target(Path link) throws HostException {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            throw new HostException("cannot read the link " + link + ": " + e.getMessage(), e);
        }
    }
}
