package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.DiskUse;
import io.jenkins.plugins.obuilder.host.Pause;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Looks, as long as a command runs, how much more of the disk its root file system, caches and temporary files take than at the beginning:
 * every second, and less often where looking takes long: nine tenths of the time it rests. What the command leaves is looked at once more
 * when it has ended.
 */
final class DiskWatch implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int REST = 9;

    /** The shell's 128 + SIGXFSZ: a file would have become longer than one may. */
    private static final int FILE_TOO_LONG = 128 + 25;

    /** A file system that holds to the limit itself stops a little before. */
    private static final long NEARLY = 1 << 20;

    /** zfs writes what has changed every five seconds. */
    private static final int LATEST_SECONDS = 6;

    private final long limit;
    private final boolean countsItself;
    private final List<Path> trees = new ArrayList<>();
    private final List<Path> temporaries = new CopyOnWriteArrayList<>();
    private final Consumer<String> exceed;
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "disk-limit");
    private final long before;

    /**
     * Does nothing yet but count.
     *
     * @param limit bytes
     * @param exceed told once when there are more; the message is for the user
     */
    DiskWatch(long limit, Store store, Store.Draft draft, Collection<Store.CacheDraft> caches, Consumer<String> exceed)
            throws IOException {
        this.limit = limit;
        this.exceed = exceed;
        countsItself = store.countsItself();
        trees.add(draft.changes());
        caches.forEach(cache -> trees.add(cache.directory()));
        before = taken(() -> false);
        draft.limit(limit);
        thread.setDaemon(true);
    }

    /** Begins to look again and again. */
    void start() {
        thread.start();
    }

    /** What the sandbox is to know of it. */
    Sandbox.DiskLimit limit() {
        return new Sandbox.DiskLimit(limit, temporaries::add);
    }

    private long taken(BooleanSupplier stopped) throws IOException {
        long sum = 0;
        for (Path tree : trees) {
            sum += countsItself ? DiskUse.ofFileSystem(tree) : DiskUse.ofTree(tree, stopped);
        }
        for (Path temporary : temporaries) {
            sum += DiskUse.ofTree(temporary, stopped);
        }
        return sum;
    }

    private void watch() {
        try {
            long pause = PAUSE_NANOS;
            while (!end.await(pause, TimeUnit.NANOSECONDS)) {
                long start = System.nanoTime();
                long more = taken(() -> end.getCount() == 0) - before;
                if (more > limit && end.getCount() > 0) {
                    exceed.accept(tooMuch(more));
                    return;
                }
                pause = Math.max(PAUSE_NANOS, REST * (System.nanoTime() - start));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            exceed.accept("how much it fills of the disk cannot be found out: " + e.getMessage());
        }
    }

    private String tooMuch(long more) {
        return "it filled " + more + " bytes of the disk, more than a step may: " + hint();
    }

    private String hint() {
        return limit + " bytes (--disk; in Jenkins and in agent.conf: disk)";
    }

    /**
     * Looks at what the command has left, after its end.
     *
     * @param status its exit status
     * @return why it has failed, if the limit is why
     */
    Optional<String> verdict(int status) throws IOException {
        close();
        temporaries.clear();
        long more = taken(() -> false) - before;
        // What tells of itself does so late, and a limit that it holds to itself may be why the command failed.
        for (int i = 0; countsItself && status != 0 && !isNearly(more) && i < LATEST_SECONDS; i++) {
            Pause.millis(1000, "waiting for how much of the disk the step has filled");
            more = taken(() -> false) - before;
        }
        if (status == 0) {
            return more > limit ? Optional.of(tooMuch(more)) : Optional.empty();
        }
        if (status == FILE_TOO_LONG) {
            return Optional.of("exit status " + status
                    + ": a file would have become longer than all that a step may fill of the disk: " + hint());
        }
        return isNearly(more)
                ? Optional.of(
                        "exit status " + status + ", after it had filled all of the disk that a step may: " + hint())
                : Optional.empty();
    }

    private boolean isNearly(long more) {
        return more >= limit - Math.min(NEARLY, limit / 8);
    }

    /** Returns when nobody looks any more. */
    @Override
    public void close() {
        end.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
