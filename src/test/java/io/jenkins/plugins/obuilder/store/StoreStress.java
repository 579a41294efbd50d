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

    /** Of a process that is to be killed: so much that it does not run out of work. */
    private static final int LARGE_WIDTH = 9;

    private final SharedStore store;
    private final Random random;
    private final int builds;
    private final int width;

    private StoreStress(SharedStore store, long seed, int builds, int width) {
        this.store = store;
        this.builds = builds;
        this.width = width;
        random = new Random(seed);
    }

    static Process start(String store, long seed, int builds, boolean serial) throws IOException {
        return process(store, seed, builds, serial, WIDTH).inheritIO().start();
    }

    /** One that builds without end and deletes nothing, and tells of each snapshot when it is there. */
    static Process startEndless(String store, long seed, Path output, boolean serial) throws IOException {
        return process(store, seed, Integer.MAX_VALUE, serial, LARGE_WIDTH)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(output.toFile())
                .start();
    }

    private static ProcessBuilder process(String store, long seed, int builds, boolean serial, int width) {
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
                Boolean.toString(serial),
                Integer.toString(width));
    }

    public static void main(String[] args) throws Exception {
        long seed = Long.parseLong(args[1]);
        int builds = Integer.parseInt(args[2]);
        int width = Integer.parseInt(args[4]);
        if (Boolean.parseBoolean(args[3])) {
            try (SharedStore store = TestStores.open(args[0])) {
                StoreStress stress = new StoreStress(store, seed, builds, width);
                for (int n = 0; n < builds; n++) {
                    stress.build();
                    if (width == WIDTH) {
                        stress.delete();
                    }
                }
            }
            return;
        }
        ExecutorService threads = Executors.newCachedThreadPool();
        try (SharedStore store = TestStores.open(args[0])) {
            List<Future<Void>> builders = new ArrayList<>();
            for (int n = 0; n < BUILDERS; n++) {
                builders.add(threads.submit(new StoreStress(store, seed * 1000 + n, builds, width)::builds));
            }
            AtomicBoolean stop = new AtomicBoolean();
            Future<Void> deleter = threads.submit(() -> width == LARGE_WIDTH
                    ? null
                    : new StoreStress(store, seed * 1000 + 999, builds, width).deletions(stop));
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
                path += 1 + random.nextInt(width);
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
                    if (width == LARGE_WIDTH) {
                        System.out.println(id(path).hex());
                    }
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
