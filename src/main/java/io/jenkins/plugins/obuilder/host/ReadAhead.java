package io.jenkins.plugins.obuilder.host;

import com.sun.jna.Memory;
import java.io.Closeable;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hashes a large file on one processor while another reads what comes next, and may write a copy of it. */
final class ReadAhead implements Closeable {
    /** Large beside what it costs to hand it over, small beside the processor's caches. */
    private static final int BLOCK = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ReadAhead.class);

    private final OpenFile file;
    private final Optional<OpenFile> copy;
    private boolean copying;
    private Memory present = new Memory(BLOCK);
    private Memory next = new Memory(BLOCK);
    private final ExecutorService reader = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "read ahead");
        thread.setDaemon(true);
        return thread;
    });

    /** @param copy gets exactly what is hashed */
    ReadAhead(OpenFile file, Optional<OpenFile> copy) {
        this.file = file;
        this.copy = copy;
        copying = copy.isPresent();
    }

    /** Whether the copy holds all that was hashed. */
    boolean isCopied() {
        return copying;
    }

    private int block(Memory into) throws HostException {
        int n = file.readBuffer(into, BLOCK);
        if (copying) {
            try {
                copy.orElseThrow().writeBuffer(into, n);
            } catch (HostException e) {
                LOG.debug("there will be no copy of {}", file.display(), e);
                copying = false;
            }
        }
        return n;
    }

    /** The digest of all from the present position on. */
    String hash(Sha256 sha) throws HostException {
        for (int n = block(present); n > 0; ) {
            Memory into = next;
            Future<Integer> following = reader.submit(() -> block(into));
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
