package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A process that builds, discards, deletes and prunes at random in several threads. An id tells which others it is built on, so that
 * whoever meets a snapshot can tell whether it is whole.
 */
@SuppressWarnings("try") // locks and sessions are held, not used
final class StoreStress {
    private static final int BUILDERS = 3;
    private static final int DEPTH = 4;
    private static final int WIDTH = 3;

    private final SharedStore store;
    private final Random random;
    private final int builds;

    private StoreStress(SharedStore store, long seed, int builds) {
        this.store = store;
        this.builds = builds;
        random = new Random(seed);
    }

    static Process start(String store, long seed, int builds, boolean serial) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreStress.class.getName(),
                        store,
                        Long.toString(seed),
                        Integer.toString(builds),
                        Boolean.toString(serial))
                .inheritIO()
                .start();
    }

    public static void main(String[] args) throws Exception {
        long seed = Long.parseLong(args[1]);
        int builds = Integer.parseInt(args[2]);
        if (Boolean.parseBoolean(args[3])) {
            try (SharedStore store = TestStores.open(args[0])) {
                StoreStress stress = new StoreStress(store, seed, builds);
                for (int n = 0; n < builds; n++) {
                    stress.build();
                    stress.delete();
                }
            }
            return;
        }
        ExecutorService threads = Executors.newCachedThreadPool();
        try (SharedStore store = TestStores.open(args[0])) {
            List<Future<Void>> builders = new ArrayList<>();
            for (int n = 0; n < BUILDERS; n++) {
                builders.add(threads.submit(new StoreStress(store, seed * 1000 + n, builds)::builds));
            }
            AtomicBoolean stop = new AtomicBoolean();
            Future<Void> deleter =
                    threads.submit(() -> new StoreStress(store, seed * 1000 + 999, builds).deletions(stop));
            try {
                for (Future<Void> builder : builders) {
                    builder.get();
                }
            } finally {
                stop.set(true);
                deleter.get();
                threads.shutdown();
            }
        }
    }

    /** Digits 1 to {@value #WIDTH}, one for each level. */
    private static SnapshotId id(String path) {
        return new SnapshotId(String.format("%064x", new BigInteger(path, 16)));
    }

    /** Whether a snapshot has what all steps up to it wrote, and nothing else. */
    static void verify(Store store, SnapshotId id) throws IOException {
        String path = new BigInteger(id.hex(), 16).toString(16);
        try (Store.View view = store.open(id)) {
            verify(view.rootfs(), path);
        }
    }

    private static void verify(Path rootfs, String path) throws IOException {
        StringBuilder expected = new StringBuilder();
        for (int n = 1; n <= path.length(); n++) {
            expected.append(path, 0, n).append('\n');
            if (!Files.readString(rootfs.resolve("own" + n)).equals(path.substring(0, n))) {
                throw new IllegalStateException(rootfs + " lacks what step " + n + " of " + path + " wrote");
            }
        }
        if (!Files.readString(rootfs.resolve("all")).contentEquals(expected)) {
            throw new IllegalStateException(rootfs + " is not what the steps of " + path + " make");
        }
    }

    private Void builds() throws Exception {
        for (int n = 0; n < builds; n++) {
            build();
        }
        return null;
    }

    private void build() throws Exception {
        try (Store session = store.session()) {
            String path = "";
            for (int depth = 0; depth < DEPTH; depth++) {
                String base = path;
                path += 1 + random.nextInt(WIDTH);
                Optional<SnapshotId> parent = base.isEmpty() ? Optional.empty() : Optional.of(id(base));
                if (session.find(id(path)).isEmpty()) {
                    make(session, path, parent);
                }
            }
            verify(session, id(path));
        }
    }

    private void make(Store session, String path, Optional<SnapshotId> parent) throws IOException {
        try (BuildLocks.Held turn = store.locks().lock(id(path), new Cancellation())) {
            if (session.find(id(path)).isPresent()) {
                return;
            }
            while (true) {
                try (Store.Draft draft = session.begin(id(path), parent);
                        Store.CacheDraft cache = session.cache("cache" + random.nextInt(2), StoreBench.USER)) {
                    if (parent.isPresent()) {
                        verify(draft.rootfs(), path.substring(0, path.length() - 1));
                    }
                    Path all = draft.rootfs().resolve("all");
                    String before = Files.exists(all) ? Files.readString(all) : "";
                    Files.writeString(all, before + path + "\n");
                    Files.writeString(draft.rootfs().resolve("own" + path.length()), path);
                    Files.writeString(draft.log(), path);
                    Files.writeString(cache.directory().resolve("file"), path);
                    if (random.nextInt(4) == 0) {
                        continue; // it was cancelled, and is begun again
                    }
                    cache.publish();
                    draft.commit();
                    return;
                }
            }
        }
    }

    private Void deletions(AtomicBoolean stop) throws IOException {
        while (!stop.get()) {
            delete();
        }
        return null;
    }

    private void delete() throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> deleteOne();
            case 1 -> {
                for (String cache : store.caches()) {
                    store.deleteCache(cache);
                }
            }
            default ->
                store.prune(
                        new Pruning.Limits(
                                Instant.MAX,
                                random.nextInt(20),
                                OptionalInt.of(random.nextInt(10)),
                                OptionalLong.empty()),
                        new Cancellation());
        }
    }

    private void deleteOne() throws IOException {
        for (SnapshotId id : store.list()) {
            if (random.nextInt(5) == 0) {
                try {
                    store.deleteAll(id, gone -> {});
                } catch (StoreException e) {
                    if (!e.getMessage().startsWith("cannot delete ")
                            && !e.getMessage().startsWith("there is no ")) {
                        throw e;
                    }
                }
                return;
            }
        }
    }
}
