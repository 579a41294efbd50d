package io.jenkins.plugins.obuilder.host;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Contents of small files that were read once and will be written soon, outside Java's heap. All there are together keep within a
 * limit; where that is reached, a file is simply not kept. Thread-safe, but for closing.
 */
public final class KeptContents implements Closeable {
    /** The largest file that is kept: opening and reading it again costs as much as what is in it. */
    public static final int LARGEST = 64 << 10;

    private static final int SLAB = 1 << 20;
    private static final long MOST = 48L * SLAB;
    private static final AtomicLong TOTAL = new AtomicLong();

    private final List<Memory> slabs = new ArrayList<>();
    private long used = SLAB;

    /** What a file holds. */
    public static final class Contents {
        private final Pointer memory;
        private final int size;

        private Contents(Pointer memory, int size) {
            this.memory = memory;
            this.size = size;
        }

        Pointer memory() {
            return memory;
        }

        int size() {
            return size;
        }
    }

    /** Room for so many bytes and one more, by which a reader sees that there are no more; empty when nothing more can be kept. */
    synchronized Optional<Contents> room(int size) {
        int needed = size + 1;
        if (size > LARGEST) {
            return Optional.empty();
        }
        if (used + needed > SLAB) {
            if (TOTAL.addAndGet(SLAB) > MOST) {
                TOTAL.addAndGet(-SLAB);
                return Optional.empty();
            }
            slabs.add(new Memory(SLAB));
            used = 0;
        }
        Contents contents = new Contents(slabs.get(slabs.size() - 1).share(used), size);
        used += needed;
        return Optional.of(contents);
    }

    /** Gives the memory back: none of the contents may be used any more. */
    @Override
    public synchronized void close() {
        TOTAL.addAndGet(-(long) SLAB * slabs.size());
        slabs.forEach(Memory::close);
        slabs.clear();
        used = SLAB;
    }
}
