package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What lies where in a store on zfs. The layout is the reference's: {@code POOL/result/ID@snap}, {@code POOL/cache/NAME@snap}, {@code
 * POOL/cache-tmp}, {@code POOL/state}; {@code POOL/result-tmp} is ours. Each is mounted, if it is, where its name says.
 *
 * @param dataset the pool, or a dataset in it
 * @param root where that is mounted
 */
record ZfsDatasets(String dataset, Path root) {
    static final String STATE = "state";
    static final String RESULT = "result";
    static final String RESULT_TMP = "result-tmp";
    static final String CACHE = "cache";
    static final String CACHE_TMP = "cache-tmp";

    /** Datasets that others lie in. */
    static final List<String> GROUPS = List.of(STATE, RESULT, RESULT_TMP, CACHE, CACHE_TMP);

    /** The snapshot that makes something finished. */
    static final String SNAP = "@snap";

    /** In which directory of {@code state/files} the saved log and environment of a result lie. */
    static final String FILES = "io.jenkins.obuilder:files";

    /** What a result was built on, whatever becomes of its origin. */
    static final String PARENT = "io.jenkins.obuilder:parent";

    /** Nothing is mounted but by us: thousands of results would be, at each start of the system. */
    static final String NOT_MOUNTED = "canmount=noauto";

    String pool() {
        return dataset.replaceFirst("/.*", "");
    }

    String group(String name) {
        return dataset + "/" + name;
    }

    String result(SnapshotId id) {
        return dataset + "/" + RESULT + "/" + id.hex();
    }

    String temporaryResult(String name) {
        return dataset + "/" + RESULT_TMP + "/" + name;
    }

    /** Where a dataset of this store is mounted, unless told otherwise. */
    Path path(String name) {
        return name.equals(dataset) ? root : root.resolve(name.substring(dataset.length() + 1));
    }

    /** The other way round. */
    String at(Path path) {
        return dataset + "/" + root.relativize(path);
    }

    /** Which result a dataset or snapshot is, or lies in; empty when that is none. */
    Optional<SnapshotId> resultOf(String name) {
        String results = dataset + "/" + RESULT + "/";
        return name.startsWith(results)
                ? id(name.substring(results.length()).replaceFirst("[/@].*", ""))
                : Optional.empty();
    }

    private static Optional<SnapshotId> id(String name) {
        return SnapshotId.isForm(name) ? Optional.of(new SnapshotId(name)) : Optional.empty();
    }
}
