package io.jenkins.plugins.obuilder.store;

import java.util.concurrent.atomic.LongAdder;

/** What {@link StoreStress} did. */
final class StressFigures {
    final LongAdder builds = new LongAdder();
    final LongAdder made = new LongAdder();
    final LongAdder cancelled = new LongAdder();
    final LongAdder cacheHits = new LongAdder();
    final LongAdder deletedCaches = new LongAdder();
    final LongAdder deleted = new LongAdder();
    final LongAdder pruned = new LongAdder();

    @Override
    public String toString() {
        return builds + " builds; snapshots: " + made + " made, " + cancelled + " cancelled, " + deleted + " deleted, "
                + pruned + " pruned; caches: " + cacheHits + " copied, " + deletedCaches + " deleted";
    }
}
