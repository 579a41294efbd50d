package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The datasets of results, finished or not. */
final class ZfsResults {
    private final ZfsCommands zfs;
    private final ZfsDatasets datasets;

    ZfsResults(ZfsCommands zfs, ZfsDatasets datasets) {
        this.zfs = zfs;
        this.datasets = datasets;
    }

    /**
     * What is there of a result.
     *
     * @param finished whether it has its snapshot
     * @param files the name of its files; empty when the reference made it
     * @param parts the names of the datasets in it, as macOS has them
     */
    record Result(
            String dataset, boolean finished, Optional<String> files, Optional<SnapshotId> parent, List<String> parts) {
        String snapshot() {
            return dataset + ZfsDatasets.SNAP;
        }
    }

    /** Empty when there is nothing of it. */
    Optional<Result> find(SnapshotId id) throws IOException {
        String dataset = datasets.result(id);
        Optional<List<List<String>>> rows =
                zfs.list(dataset, "filesystem,snapshot", 1, "name", "origin", ZfsDatasets.FILES, ZfsDatasets.PARENT);
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        boolean finished = false;
        Optional<String> files = Optional.empty();
        Optional<SnapshotId> parent = Optional.empty();
        List<String> parts = new ArrayList<>();
        for (List<String> row : rows.get()) {
            String name = row.get(0);
            if (name.equals(dataset)) {
                files = value(row.get(2));
                parent = value(row.get(3)).map(SnapshotId::new).or(() -> datasets.resultOf(row.get(1)));
            } else if (name.equals(dataset + ZfsDatasets.SNAP)) {
                finished = true;
            } else if (name.startsWith(dataset + "/")) {
                parts.add(name.substring(dataset.length() + 1));
            }
        }
        return Optional.of(new Result(dataset, finished, files, parent, parts));
    }

    private static Optional<String> value(String property) {
        return property.equals("-") ? Optional.empty() : Optional.of(property);
    }

    /** All that are finished. */
    List<SnapshotId> list() throws IOException {
        List<SnapshotId> ids = new ArrayList<>();
        String group = datasets.group(ZfsDatasets.RESULT);
        for (List<String> row : zfs.list(group, "snapshot", 2, "name").orElse(List.of())) {
            Optional<SnapshotId> id = datasets.resultOf(row.get(0));
            if (id.isPresent() && row.get(0).equals(datasets.result(id.get()) + ZfsDatasets.SNAP)) {
                ids.add(id.get());
            }
        }
        return ids;
    }
}
