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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A process that builds, discards, deletes and prunes at random in several threads. An id tells which others it is built on, so that
 * whoever meets a snapshot can tell whether it is whole.
 */
@SuppressWarnings("try") // locks and sessions are held, not used
final class StoreStress {
    private static final int BUILDERS = 3;
    private static final int DEPTH = 4;

    /** So few that several builds want the same, or so many that a process does not run out of work before it is killed. */
    private static final int WIDTH = 3;

    private static final int LARGE_WIDTH = 9;
    private static final int LONGEST_PRUNE_MS = 40;

    private final SharedStore store;
    private final Random random;
    private final Task task;
    private final StressFigures figures;

    /**
     * What a process does.
     *
     * @param builds how many builds each thread makes
     * @param serial whether one thread does everything
     * @param deleting whether it deletes, too
     * @param telling whether it prints the id of each snapshot that it has made
     */
    private record Task(int builds, boolean serial, boolean deleting, boolean telling) {
        int width() {
            return deleting ? WIDTH : LARGE_WIDTH;
        }

        static Task parse(String builds, String serial, String deleting, String telling) {
            return new Task(
                    Integer.parseInt(builds),
                    Boolean.parseBoolean(serial),
                    Boolean.parseBoolean(deleting),
                    Boolean.parseBoolean(telling));
        }
    }

    private StoreStress(SharedStore store, long seed, Task task, StressFigures figures) {
        this.store = store;
        this.task = task;
        this.figures = figures;
        random = new Random(seed);
    }

    /** One that builds, deletes and prunes, and in the end says on standard error how often. */
    static Process start(String store, long seed, int builds, boolean serial) throws IOException {
        return process(store, seed, new Task(builds, serial, true, false))
                .inheritIO()
                .start();
    }

    /** One that builds without end and deletes nothing, and tells of each snapshot when it is there. */
    static Process startEndless(String store, long seed, Path output, boolean serial) throws IOException {
        return telling(store, seed, output, new Task(Integer.MAX_VALUE, serial, false, true));
    }

    /** One that builds, deletes and prunes without end, and tells of each snapshot when it has made it. */
    static Process startEndlessDeleting(String store, long seed, Path output, boolean serial) throws IOException {
        return telling(store, seed, output, new Task(Integer.MAX_VALUE, serial, true, true));
    }

    private static Process telling(String store, long seed, Path output, Task task) throws IOException {
        return process(store, seed, task)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(output.toFile())
                .start();
    }

    private static ProcessBuilder process(String store, long seed, Task task) {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                StoreStress.class.getName(),
                store,
                Long.toString(seed),
                Integer.toString(task.builds()),
                Boolean.toString(task.serial()),
                Boolean.toString(task.deleting()),
                Boolean.toString(task.telling()));
    }

    public static void main(String[] args) throws Exception {
        long seed = Long.parseLong(args[1]);
        Task task = Task.parse(args[2], args[3], args[4], args[5]);
        StressFigures figures = new StressFigures();
        try (SharedStore store = TestStores.open(args[0])) {
            if (task.serial()) {
                new StoreStress(store, seed, task, figures).inTurns();
            } else {
                inThreads(store, seed * 1000, task, figures);
            }
        }
        System.err.println(args[0] + ": " + figures);
    }

    private void inTurns() throws Exception {
        for (int n = 0; n < task.builds(); n++) {
            build();
            if (task.deleting()) {
                delete();
            }
        }
    }

    private static void inThreads(SharedStore store, long seed, Task task, StressFigures figures) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<Void>> builders = new ArrayList<>();
        for (int n = 0; n < BUILDERS; n++) {
            builders.add(threads.submit(new StoreStress(store, seed + n, task, figures)::builds));
        }
        AtomicBoolean stop = new AtomicBoolean(!task.deleting());
        Future<Void> deleter =
                threads.submit(() -> new StoreStress(store, seed + BUILDERS, task, figures).deletions(stop));
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
        for (int n = 0; n < task.builds(); n++) {
            build();
        }
        return null;
    }

    private void build() throws Exception {
        figures.builds.increment();
        try (Store session = store.session()) {
            String path = "";
            for (int depth = 0; depth < DEPTH; depth++) {
                String base = path;
                path += 1 + random.nextInt(task.width());
                Optional<SnapshotId> parent = base.isEmpty() ? Optional.empty() : Optional.of(id(base));
                while (session.find(id(path)).isEmpty()) {
                    make(session, path, parent);
                }
            }
            verify(session, id(path));
        }
    }

    /** Whoever is cancelled while another makes the same comes back for it. */
    private void make(Store session, String path, Optional<SnapshotId> parent) throws IOException {
        Cancellation cancellation = new Cancellation();
        if (random.nextInt(4) == 0) {
            cancellation.cancel("stress");
        }
        try (BuildLocks.Held turn = store.locks().lock(id(path), cancellation)) {
            while (session.find(id(path)).isEmpty()) {
                tryToMake(session, path, parent);
            }
        } catch (StoreException e) {
            if (!e.getMessage().startsWith("cancelled while waiting ")) {
                throw e;
            }
            figures.cancelled.increment();
        }
    }

    private void tryToMake(Store session, String path, Optional<SnapshotId> parent) throws IOException {
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
            use(cache.directory(), path);
            if (random.nextInt(4) == 0) {
                figures.cancelled.increment();
                return;
            }
            cache.publish();
            draft.commit();
            figures.made.increment();
            if (task.telling()) {
                System.out.println(id(path).hex());
            }
        }
    }

    /** Two files of a cache always say the same. */
    private void use(Path cache, String path) throws IOException {
        Path one = cache.resolve("one");
        Path other = cache.resolve("other");
        if (Files.exists(one) || Files.exists(other)) {
            figures.cacheHits.increment();
            if (!Files.readString(one).equals(Files.readString(other))) {
                throw new IllegalStateException(cache + " is a mixture of two caches");
            }
        }
        Files.writeString(one, path);
        Files.writeString(other, path);
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
                    figures.deletedCaches.increment();
                }
            }
            default -> prune();
        }
    }

    private void prune() throws IOException {
        Cancellation cancellation = new Cancellation();
        if (random.nextInt(4) == 0) {
            CompletableFuture.delayedExecutor(random.nextInt(LONGEST_PRUNE_MS), TimeUnit.MILLISECONDS)
                    .execute(() -> cancellation.cancel("stress"));
        }
        Pruning.Limits limits = new Pruning.Limits(
                Instant.MAX, random.nextInt(20), OptionalInt.of(random.nextInt(10)), OptionalLong.empty());
        figures.pruned.add(store.prune(limits, cancellation).deleted());
    }

    private void deleteOne() throws IOException {
        for (SnapshotId id : store.list()) {
            if (random.nextInt(5) == 0) {
                try {
                    store.deleteAll(id, gone -> figures.deleted.increment());
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
