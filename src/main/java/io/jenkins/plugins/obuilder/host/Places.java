package io.jenkins.plugins.obuilder.host;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Finds directories below a root. Later layers of real images write through links to directories that earlier ones made ({@code lib/x}
 * where {@code lib} leads to {@code usr/lib}), so links in the middle of a name are followed, but as if the root were {@code /}: an
 * absolute target begins there, and {@code ..} stays there. The system itself never follows one: each step opens one directory, relative
 * to the one before.
 */
public final class Places implements Closeable {
    private static final int MAX_LINKS = 40;
    /** What a name may have on every file system that holds root file systems. */
    private static final int LONGEST_NAME = 255;

    private static final int MAX_DEPTH = 1024;

    /** A few hostile links with long targets full of {@code ..} could otherwise keep us walking for days. */
    private static final int MAX_STEPS = 20_000;

    private final Dir root;

    /** Archives go directory by directory, so the last one is most often the next one, too. Null: not to be used again. */
    private List<String> lastName = List.of();

    private Place last;

    /**
     * A directory below the root.
     *
     * @param path its real name, without links; empty for the root
     */
    public record Place(Dir directory, List<String> path) {
        /** The key of a file within. */
        public String key(String name) {
            return path.isEmpty() ? name : key() + "/" + name;
        }

        public String key() {
            return String.join("/", path);
        }
    }

    /** A name's parts without empty ones and {@code .}; there may be {@code ..} among them. */
    public static List<String> split(String name) {
        List<String> parts = new ArrayList<>();
        for (String part : name.split("/")) {
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }

    /** Makes a directory that is taken for granted. */
    @FunctionalInterface
    public interface Maker {
        void make(Dir parent, String name, String key) throws IOException;
    }

    public Places(Dir root) {
        this.root = root;
        last = new Place(root, List.of());
    }

    /** Something was removed: what is found next is looked for afresh. What was found last stays open until then. */
    public void forget() {
        lastName = null;
    }

    /**
     * Opens a directory, which stays open until the next call.
     *
     * @param maker called for what is missing; without one, the result is empty then
     * @throws PlaceException when something on the way is no directory, or links go round in a circle
     */
    public Optional<Place> find(List<String> name, Optional<Maker> maker) throws IOException {
        if (name.equals(lastName)) {
            return Optional.of(last);
        }
        Optional<Place> found = new Walk(maker).to(name);
        if (found.isPresent()) {
            closeLast();
            last = found.get();
            lastName = List.copyOf(name);
        }
        return found;
    }

    private void closeLast() throws IOException {
        if (last.directory() != root) {
            last.directory().close();
        }
    }

    @Override
    public void close() throws IOException {
        closeLast();
        forget();
        last = new Place(root, List.of());
    }

    private final class Walk {
        private final Optional<Maker> maker;
        private final List<String> path = new ArrayList<>();
        private Dir at = root;
        private int steps;

        Walk(Optional<Maker> maker) {
            this.maker = maker;
        }

        Optional<Place> to(List<String> name) throws IOException {
            Deque<String> ahead = new ArrayDeque<>(name);
            int links = 0;
            boolean arrived = false;
            try {
                while (!ahead.isEmpty()) {
                    String part = ahead.pop();
                    if (part.equals("..")) { // only a link's target has it
                        up();
                        continue;
                    }
                    if (part.length() > LONGEST_NAME) {
                        throw new PlaceException("a link on its way leads to a name that is too long");
                    }
                    Optional<FileStat> stat = at.stat(part);
                    if (stat.isPresent() && stat.get().isSymlink()) {
                        if (++links > MAX_LINKS) {
                            throw new PlaceException("the links on its way go round in a circle");
                        }
                        follow(at.readLink(part), ahead);
                    } else if (stat.isPresent() && !stat.get().isDirectory()) {
                        throw new PlaceException(
                                "\"" + Bytes.toText(key(part)) + "\", in which it should lie, is no directory");
                    } else {
                        if (stat.isEmpty()) {
                            if (maker.isEmpty()) {
                                return Optional.empty();
                            }
                            maker.get().make(at, part, key(part));
                        }
                        down(part);
                    }
                }
                arrived = true;
                return Optional.of(new Place(at, List.copyOf(path)));
            } finally {
                if (!arrived) {
                    moveTo(root);
                }
            }
        }

        private String key(String name) {
            return path.isEmpty() ? name : String.join("/", path) + "/" + name;
        }

        private void down(String name) throws IOException {
            if (path.size() == MAX_DEPTH || ++steps > MAX_STEPS) {
                throw new PlaceException("the way to it is too deep or too crooked");
            }
            moveTo(at.openDir(name));
            path.add(name);
        }

        /** Walks down again from the root: the system's own {@code ..} could lead anywhere. */
        private void up() throws IOException {
            List<String> parent = path.isEmpty() ? List.of() : List.copyOf(path.subList(0, path.size() - 1));
            toRoot();
            for (String name : parent) {
                down(name);
            }
        }

        private void follow(String target, Deque<String> ahead) throws IOException {
            List<String> parts = split(target);
            if (target.startsWith("/")) {
                toRoot();
            }
            for (int i = parts.size() - 1; i >= 0; i--) {
                ahead.push(parts.get(i));
            }
        }

        private void toRoot() throws IOException {
            moveTo(root);
            path.clear();
        }

        private void moveTo(Dir directory) throws IOException {
            if (at != root) {
                at.close();
            }
            at = directory;
        }
    }
}
