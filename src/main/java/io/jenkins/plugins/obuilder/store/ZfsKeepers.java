package io.jenkins.plugins.obuilder.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Who keeps a result from being destroyed, besides this program: clones that somebody has made of it, and holds ({@code zfs hold}). */
final class ZfsKeepers {
    private final ZfsCommands zfs;
    private final ZfsDatasets datasets;

    ZfsKeepers(ZfsCommands zfs, ZfsDatasets datasets) {
        this.zfs = zfs;
        this.datasets = datasets;
    }

    /** @throws StoreException when there are some: it names them, and says how to end that */
    void insistOnNone(String dataset) throws IOException {
        List<String> found = new ArrayList<>();
        for (List<String> row :
                zfs.list(dataset, "snapshot", 2, "name", "clones", "userrefs").orElse(List.of())) {
            for (String clone : row.get(1).split(",")) {
                if (clone.contains("/") && !isOwn(clone)) {
                    found.add(clone + " is a clone of it (zfs destroy " + clone + ")");
                }
            }
            if (!row.get(2).matches("[-0]")) {
                found.add("somebody holds it (zfs holds " + row.get(0) + ")");
            }
        }
        if (!found.isEmpty()) {
            throw new StoreException(String.join(", ", found));
        }
    }

    /** What builds that were killed, and readers, have cloned. */
    private boolean isOwn(String clone) {
        return clone.startsWith(datasets.group(ZfsDatasets.RESULT) + "/")
                || clone.startsWith(datasets.group(ZfsDatasets.RESULT_TMP) + "/");
    }
}
