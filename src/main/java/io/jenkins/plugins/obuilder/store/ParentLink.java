package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The link in a result that tells what it was built on. Of its target only the last parts count, since a store may be moved.
 *
 * <p>Where results are whole copies of one another, the reference copies the link along when it builds on a result of ours, and then it
 * tells what that one was built on. So such a link leads through the result that it belongs to: {@code …/ID/../BASE}.
 */
final class ParentLink {
    static final String NAME = "parent";

    private static final String UP = "..";

    private ParentLink() {}

    /** For results that are copies. */
    static Path target(Path results, SnapshotId id, SnapshotId base) {
        return results.resolve(id.hex()).resolve(UP).resolve(base.hex());
    }

    /** @return empty when it came with a copy of the result that it belongs to */
    static Optional<SnapshotId> read(Path target, String result) {
        int parts = target.getNameCount();
        boolean isOfAnother = parts > 2
                && target.getName(parts - 2).toString().equals(UP)
                && !target.getName(parts - 3).toString().equals(result);
        return isOfAnother ? Optional.empty() : Optional.of(base(target));
    }

    static SnapshotId base(Path target) {
        return new SnapshotId(target.getFileName().toString());
    }
}
