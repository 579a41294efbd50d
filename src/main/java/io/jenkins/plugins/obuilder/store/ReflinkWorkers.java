package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.OpenFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that clone files of a tree. */
final class ReflinkWorkers implements Closeable {
    /** The disk is soon the limit; what is measured best with two processors and still well with eight. */
    private static final int THREADS =
            Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));

    /** Of a small tree nothing is left for threads: starting them would take longer than all else. */
    private static final int WITHOUT_THREADS = 4;

    /** Each keeps two directories open. */
    private static final int MOST_WAITING = 64;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "reflink");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Future<Void>> batches = new ArrayList<>();
    private int submitted;

    /** A regular file and what is known of it. */
    record File(String name, FileStat stat) {}

    /** Has some files of a directory cloned. */
    void submit(Dir from, Dir to, List<File> files) throws IOException {
        if (submitted++ < WITHOUT_THREADS) {
            cloneFiles(from, to, files);
            return;
        }
        while (batches.size() >= MOST_WAITING) {
            batches.removeIf(Future::isDone);
            if (batches.size() >= MOST_WAITING) {
                result(batches.remove(0));
            }
        }
        Dir source = from.reopen();
        Dir copy = to.reopen();
        batches.add(threads.submit(() -> {
            try (source;
                    copy) {
                cloneFiles(source, copy, files);
            }
            return null;
        }));
    }

    private static void cloneFiles(Dir from, Dir to, List<File> files) throws IOException {
        for (File file : files) {
            cloneFile(from, to, file);
        }
    }

    private static void cloneFile(Dir from, Dir to, File file) throws IOException {
        FileStat stat = file.stat();
        try (OpenFile copy = to.createFile(file.name(), 0600)) {
            if (stat.size() > 0) {
                try (OpenFile original = from.openFile(file.name())) {
                    if (!copy.cloneFrom(original)) {
                        throw new StoreException("cannot copy " + from + ": its file system has no reflinks");
                    }
                }
            }
        }
        TreeAttributes.copy(from, to, file.name(), stat);
    }

    /** Waits until all are done. */
    void finish() throws IOException {
        for (Iterator<Future<Void>> all = batches.iterator(); all.hasNext(); all.remove()) {
            result(all.next());
        }
    }

    private static void result(Future<Void> batch) throws IOException {
        try {
            batch.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while copying a tree", e);
        }
    }

    /** Ends the threads; whatever still waits comes to its end first, so that nothing is written after this. */
    @Override
    public void close() throws IOException {
        threads.shutdown();
        try {
            finish();
        } finally {
            batches.clear();
        }
    }
}
