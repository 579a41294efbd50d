package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileKind;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.KeptContents;
import io.jenkins.plugins.obuilder.host.Sha256;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.CopyPaths;
import io.jenkins.plugins.obuilder.spec.Manifest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Walks what a {@code copy} copies, once: names byte for byte, no link followed, nothing outside the root looked at. Files are hashed
 * beside the walk.
 */
final class CopySource implements Closeable {
    private static final int MAX_DEPTH = 1000;

    private final Path rootPath;
    private final Dir root;
    private final Set<String> exclude;
    private final Cancellation cancellation;
    private final CopyDigests digests;
    private final CopyPool pool = new CopyPool();
    private final KeptContents kept = new KeptContents();
    private final EarlyCopies early;
    private final Map<String, FoundFile> files = new HashMap<>();
    private boolean listed;

    /** @param early is closed with what was listed, or with this */
    CopySource(Path root, List<String> exclude, CopyDigests digests, EarlyCopies early, Cancellation cancellation)
            throws IOException {
        rootPath = root;
        this.early = early;
        this.digests = digests;
        this.root = Dir.open(root);
        this.exclude = new HashSet<>(exclude);
        this.cancellation = cancellation;
    }

    /** @param sources as the spec has them */
    CopyListing list(List<String> sources) throws IOException {
        List<Found> found = new ArrayList<>();
        for (String source : sources) {
            found.add(find(CopyPaths.source(source)));
        }
        pool.finish();
        List<Manifest> manifests = found.stream().map(Found::manifest).toList();
        listed = true;
        return new CopyListing(manifests, new HostCopyOrigin(rootPath, files, kept, early));
    }

    /** What the walk found. Of files the rest is known when the pool is finished. */
    private sealed interface Found {
        Manifest manifest();

        record File(FoundFile file) implements Found {
            @Override
            public Manifest manifest() {
                return file.manifest();
            }
        }

        record Link(String path, String target) implements Found {
            @Override
            public Manifest manifest() {
                return new Manifest.Symlink(path, target);
            }
        }

        record Directory(String path, List<Found> children) implements Found {
            @Override
            public Manifest manifest() {
                return new Manifest.Dir(
                        path, children.stream().map(Found::manifest).toList());
            }
        }
    }

    private Found find(String source) throws IOException {
        if (source.isEmpty()) {
            try (Dir whole = root.reopen()) {
                return directory(whole, "", 0);
            }
        }
        String[] parts = source.split("/");
        Dir at = root.reopen();
        try {
            for (int i = 0; i < parts.length - 1; i++) {
                Dir next = parent(at, parts[i], source);
                at.close();
                at = next;
            }
            String name = parts[parts.length - 1];
            return entry(at, new Dir.Entry(name, stat(at, name, source).kind()), source, 0);
        } finally {
            at.close();
        }
    }

    private Dir parent(Dir at, String name, String source) throws IOException {
        FileStat stat = stat(at, name, source);
        if (!stat.isDirectory()) {
            throw new IOException("cannot copy " + quoted(source) + ": " + quoted(name) + " on its way is "
                    + stat.kind().description() + ", not a directory"
                    + (stat.isSymlink() ? "; name the file by its path without links" : ""));
        }
        return at.openDir(name);
    }

    private FileStat stat(Dir at, String name, String source) throws IOException {
        Optional<FileStat> stat = at.stat(name);
        if (stat.isPresent()) {
            return stat.get();
        }
        List<String> there = at.list().stream().map(Dir.Entry::name).sorted().toList();
        throw MissingSourceException.of(source, name, at.toString(), there);
    }

    private Found entry(Dir parent, Dir.Entry entry, String path, int depth) throws IOException {
        if (cancellation.isCancelled()) {
            throw new Sandbox.CancelledException(cancellation.reason().orElseThrow());
        }
        String name = entry.name();
        switch (entry.kind()) {
            case FILE -> {
                try (Batch batch = new Batch(parent)) {
                    return batch.add(path, name);
                }
            }
            case SYMLINK -> {
                return new Found.Link(path, parent.readLink(name));
            }
            case DIRECTORY -> {
                try (Dir directory = parent.openDir(name)) {
                    return directory(directory, path, depth);
                }
            }
            default ->
                throw new IOException("cannot copy " + quoted(path) + ": it is "
                        + entry.kind().description()
                        + "; only files, directories and links can be copied; leave it out with (exclude "
                        + Bytes.toText(name) + ")");
        }
    }

    private Found directory(Dir directory, String path, int depth) throws IOException {
        if (depth >= MAX_DEPTH) {
            throw new IOException(
                    "cannot copy " + quoted(path) + ": it lies more than " + MAX_DEPTH + " directories deep");
        }
        List<Dir.Entry> entries = new ArrayList<>(directory.list());
        // One byte a char: the order of strings is the order of bytes.
        entries.sort(Comparator.comparing(Dir.Entry::name));
        List<Found> children = new ArrayList<>(entries.size());
        try (Batch batch = new Batch(directory)) {
            for (Dir.Entry entry : entries) {
                if (exclude.contains(entry.name())) {
                    continue;
                }
                String child = path.isEmpty() ? entry.name() : path + "/" + entry.name();
                Dir.Entry known = known(directory, entry, child);
                children.add(
                        known.kind() == FileKind.FILE
                                ? batch.add(child, entry.name())
                                : entry(directory, known, child, depth + 1));
            }
        }
        return new Found.Directory(path, children);
    }

    private static Dir.Entry known(Dir directory, Dir.Entry entry, String path) throws IOException {
        if (entry.kind() != null) {
            return entry;
        }
        FileStat stat = directory
                .stat(entry.name())
                .orElseThrow(() -> new IOException(
                        "cannot copy " + quoted(path) + ": it was removed while it was being looked at"));
        return new Dir.Entry(entry.name(), stat.kind());
    }

    /** Files of one directory that are examined together, by one thread beside the walk. */
    private final class Batch implements Closeable {
        private static final int MOST = 32;

        private final Dir parent;
        private List<FoundFile> waiting = new ArrayList<>();

        Batch(Dir parent) {
            this.parent = parent;
        }

        Found add(String path, String name) throws IOException {
            FoundFile file = new FoundFile(path, name);
            files.put(path, file);
            waiting.add(file);
            if (waiting.size() == MOST) {
                close();
            }
            return new Found.File(file);
        }

        /** Has them examined, with a handle of their own on the directory. */
        @Override
        public void close() throws IOException {
            List<FoundFile> batch = waiting;
            if (batch.isEmpty()) {
                return;
            }
            waiting = new ArrayList<>();
            Dir handle = parent.reopen();
            boolean submitted = false;
            try {
                pool.submit(() -> examine(handle, batch));
                submitted = true;
            } finally {
                if (!submitted) {
                    handle.close();
                }
            }
        }
    }

    private void examine(Dir parent, List<FoundFile> batch) throws IOException {
        try (parent;
                Sha256 sha = Sha256.open()) {
            for (FoundFile file : batch) {
                if (cancellation.isCancelled()) {
                    throw new Sandbox.CancelledException(cancellation.reason().orElseThrow());
                }
                file.examine(parent, digests, sha, kept, early);
            }
        }
    }

    private static String quoted(String byteString) {
        return "\"" + Bytes.toText(byteString) + "\"";
    }

    @Override
    public void close() throws IOException {
        try (root) {
            pool.close();
        }
        if (!listed) {
            kept.close();
            early.close();
        }
    }
}
