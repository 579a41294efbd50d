package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.CopyPaths;
import io.jenkins.plugins.obuilder.spec.Manifest;
import io.jenkins.plugins.obuilder.spec.Suggestions;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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
    private final CopyPool pool = new CopyPool();
    private final Map<String, String> digests = new ConcurrentHashMap<>();
    private final Map<String, CopyListing.Hashed> hashed = new ConcurrentHashMap<>();

    CopySource(Path root, List<String> exclude, Cancellation cancellation) throws IOException {
        rootPath = root;
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
        return new CopyListing(
                found.stream().map(item -> item.manifest(digests)).toList(), new HostCopyOrigin(rootPath, hashed));
    }

    /** What the walk found; a file's digest may not be known yet. */
    private sealed interface Found {
        Manifest manifest(Map<String, String> digests);

        record File(String path, boolean executable) implements Found {
            @Override
            public Manifest manifest(Map<String, String> digests) {
                return new Manifest.File(path, digests.get(path), executable);
            }
        }

        record Link(String path, String target) implements Found {
            @Override
            public Manifest manifest(Map<String, String> digests) {
                return new Manifest.Symlink(path, target);
            }
        }

        record Directory(String path, List<Found> children) implements Found {
            @Override
            public Manifest manifest(Map<String, String> digests) {
                return new Manifest.Dir(
                        path,
                        children.stream().map(child -> child.manifest(digests)).toList());
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
            return entry(at, name, source, stat(at, name, source), 0);
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
        throw new IOException("cannot copy " + quoted(source) + ": there is no " + quoted(name) + " in " + at
                + Suggestions.sentence(name, there));
    }

    private Found entry(Dir parent, String name, String path, FileStat stat, int depth) throws IOException {
        if (cancellation.isCancelled()) {
            throw new Sandbox.CancelledException(cancellation.reason().orElseThrow());
        }
        switch (stat.kind()) {
            case FILE -> {
                hash(parent.openFile(name), path);
                return new Found.File(path, stat.isExecutable());
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
                        + stat.kind().description()
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
        List<Found> children = new ArrayList<>();
        for (Dir.Entry entry : entries) {
            if (exclude.contains(entry.name())) {
                continue;
            }
            String child = path.isEmpty() ? entry.name() : path + "/" + entry.name();
            Optional<FileStat> stat = directory.stat(entry.name());
            if (stat.isEmpty()) {
                throw new IOException("cannot copy " + quoted(child) + ": it was removed while it was being looked at");
            }
            children.add(entry(directory, entry.name(), child, stat.get(), depth + 1));
        }
        return new Found.Directory(path, children);
    }

    private void hash(OpenFile file, String path) throws IOException {
        boolean submitted = false;
        try {
            pool.submit(() -> {
                try (file) {
                    Instant now = Instant.now();
                    FileStat stat = file.stat();
                    digests.put(path, FileDigest.of(file));
                    hashed.put(
                            path, new CopyListing.Hashed(stat, now.getEpochSecond() * 1_000_000_000 + now.getNano()));
                }
            });
            submitted = true;
        } finally {
            if (!submitted) {
                file.close();
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
    }
}
