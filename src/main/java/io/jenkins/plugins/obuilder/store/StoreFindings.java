package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where a store and its index disagree. Looking changes nothing; builds may be running. */
public final class StoreFindings {
    private final Store store;
    private final Index index;

    StoreFindings(Store store, Index index) {
        this.store = store;
        this.index = index;
    }

    /** What can be wrong. */
    public enum Kind {
        ROW_WITHOUT_SNAPSHOT("the index has a row of a snapshot that is not there"),
        SNAPSHOT_WITHOUT_ROW("the index has no row of a snapshot that is there"),
        WRONG_COUNT("the index counts another number of snapshots built on this one than it has rows of");

        private final String meaning;

        Kind(String meaning) {
            this.meaning = meaning;
        }

        /** In words. */
        public String meaning() {
            return meaning;
        }
    }

    /** One thing that is wrong. */
    public record Finding(Kind kind, SnapshotId id) {}

    /** Everything that is wrong; a build that ends just now may show up, too. */
    List<Finding> look() throws IOException {
        List<Finding> findings = new ArrayList<>();
        List<Index.Row> rows = index.all();
        Set<SnapshotId> there = new HashSet<>(store.list());
        Map<SnapshotId, Integer> children = new HashMap<>();
        Set<SnapshotId> known = new HashSet<>();
        for (Index.Row row : rows) {
            known.add(row.id());
            row.parent().ifPresent(parent -> children.merge(parent, 1, Integer::sum));
        }
        for (Index.Row row : rows) {
            if (!there.contains(row.id())) {
                findings.add(new Finding(Kind.ROW_WITHOUT_SNAPSHOT, row.id()));
            }
            if (row.children() != children.getOrDefault(row.id(), 0)) {
                findings.add(new Finding(Kind.WRONG_COUNT, row.id()));
            }
        }
        for (SnapshotId id : there) {
            if (!known.contains(id)) {
                findings.add(new Finding(Kind.SNAPSHOT_WITHOUT_ROW, id));
            }
        }
        return findings;
    }
}
