package io.jenkins.plugins.obuilder.host;

import com.sun.jna.Memory;
import java.io.Closeable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Hashes a large file on one processor while another reads what comes next. */
final class ReadAhead implements Closeable {
    /** Below this many bytes a thread costs more than it saves. */
    static final long WORTHWHILE = 8L << 20;

    /** Large beside what it costs to hand it over, small beside the processor's caches. */
    private static final int BLOCK = 1 << 20;

    private final OpenFile file;
    private Memory present = new Memory(BLOCK);
    private Memory next = new Memory(BLOCK);
    private final ExecutorService reader = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "read ahead");
        thread.setDaemon(true);
        return thread;
    });

    ReadAhead(OpenFile file) {
        this.file = file;
    }

    /** The digest of all from the present position on. */
    String hash(Sha256 sha) throws HostException {
        for (int n = file.readBuffer(present, BLOCK); n > 0; ) {
            Memory into = next;
            Future<Integer> following = reader.submit(() -> file.readBuffer(into, BLOCK));
            try {
                sha.update(present, n);
            } finally {
                n = await(following);
            }
            next = present;
            present = into;
        }
        return sha.hex();
    }

    /** Waits even when interrupted: until then the memory is written to. */
    private int await(Future<Integer> read) throws HostException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return read.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof HostException failure) {
                        throw failure;
                    }
                    throw new IllegalStateException("reading failed in a way that was not foreseen", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        reader.shutdown();
        present.close();
        next.close();
    }
}
