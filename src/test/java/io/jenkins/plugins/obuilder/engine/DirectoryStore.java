package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.Store;
import io.jenkins.plugins.obuilder.store.StoreFindings;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A store of plain directories for tests of the engine's rules: no root, no index, one process. */
final class DirectoryStore implements Store {
    private final Path root;
    private final AtomicInteger number = new AtomicInteger();

    DirectoryStore(Path root) {
        this.root = root;
    }

    @Override
    public String name() {
        return "test:" + root;
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public Optional<String> whyUnsupported() {
        return Optional.empty();
    }

    @Override
    public boolean isMadeByReference() {
        return false;
    }

    @Override
    public Optional<Snapshot> find(SnapshotId id) {
        Path dir = root.resolve("result").resolve(id.hex());
        return Files.isDirectory(dir)
                ? Optional.of(new Snapshot(id, Optional.empty(), dir.resolve("log"), dir.resolve("env")))
                : Optional.empty();
    }

    @Override
    public Collection<SnapshotId> list() throws IOException {
        return names("result").stream().map(SnapshotId::new).toList();
    }

    /** Names of everything that is being made and is not finished. */
    List<String> unfinished() throws IOException {
        return names("tmp");
    }

    private List<String> names(String directory) throws IOException {
        Path dir = Files.createDirectories(root.resolve(directory));
        try (Stream<Path> children = Files.list(dir)) {
            return children.map(child -> child.getFileName().toString()).toList();
        }
    }

    @Override
    public Draft begin(SnapshotId id, Optional<SnapshotId> base) throws IOException {
        Path dir = Files.createDirectories(root.resolve("tmp").resolve(id.hex()));
        Path result = Files.createDirectories(root.resolve("result")).resolve(id.hex());
        if (base.isPresent()) {
            Path from = root.resolve("result").resolve(base.get().hex());
            copyTree(from.resolve("rootfs"), dir.resolve("rootfs"));
            Files.copy(from.resolve("env"), dir.resolve("env"));
        } else {
            Files.createDirectory(dir.resolve("rootfs"));
        }
        return new Draft() {
            @Override
            public Path rootfs() {
                return dir.resolve("rootfs");
            }

            @Override
            public Path log() {
                return dir.resolve("log");
            }

            @Override
            public Path env() {
                return dir.resolve("env");
            }

            @Override
            public void commit() throws IOException {
                Files.move(dir, result, StandardCopyOption.ATOMIC_MOVE);
            }

            @Override
            public void close() throws IOException {
                deleteTree(dir);
            }
        };
    }

    @Override
    public View open(SnapshotId id) {
        Path rootfs = root.resolve("result").resolve(id.hex()).resolve("rootfs");
        return new View() {
            @Override
            public Path rootfs() {
                return rootfs;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Closeable delete(SnapshotId id) throws IOException {
        deleteTree(root.resolve("result").resolve(id.hex()));
        return () -> {};
    }

    @Override
    public Space space() {
        return new Space(root.toFile().getTotalSpace(), root.toFile().getUsableSpace());
    }

    @Override
    public boolean reclaim(Cancellation cancellation) {
        return true;
    }

    @Override
    public CacheDraft cache(String name, Op.User.Ids owner) throws IOException {
        Path present = Files.createDirectories(root.resolve("cache")).resolve(name);
        Path draft = root.resolve("tmp").resolve(number.incrementAndGet() + "-" + name);
        if (Files.isDirectory(present)) {
            copyTree(present, draft);
        } else {
            Files.createDirectories(draft);
        }
        return new CacheDraft() {
            @Override
            public Path directory() {
                return draft;
            }

            @Override
            public void publish() throws IOException {
                deleteTree(present);
                Files.move(draft, present);
            }

            @Override
            public void close() throws IOException {
                deleteTree(draft);
            }
        };
    }

    @Override
    public Collection<String> caches() throws IOException {
        return names("cache");
    }

    @Override
    public void deleteCache(String name) throws IOException {
        deleteTree(root.resolve("cache").resolve(name));
    }

    @Override
    public Collection<StoreFindings.Finding> examine() {
        return List.of();
    }

    @Override
    public Collection<String> repair() {
        return List.of();
    }

    @Override
    public void close() {}

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.copy(path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void deleteTree(Path dir) throws IOException {
        if (!Files.exists(dir)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(dir)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
