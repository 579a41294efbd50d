package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Snapshots as whole copies, made by rsync: works on every file system. */
final class RsyncStore extends DirectoryStore {
    static final String KIND = "rsync";
    private static final Duration COPY_LIMIT = Duration.ofHours(2);

    RsyncStore(Path root, Commands commands) throws IOException {
        super(KIND, root, commands, List.of("result-tmp"));
    }

    @Override
    public Optional<String> whyUnsupported() {
        return commands.find("rsync").isPresent()
                ? Optional.empty()
                : Optional.of("rsync is not installed (apt-get install rsync)");
    }

    @Override
    public Draft begin(SnapshotId id, Optional<SnapshotId> base) throws IOException {
        Path directory = root.resolve("result-tmp").resolve(owner.newName());
        DirectoryDraft draft = new DirectoryDraft(id, directory) {
            @Override
            public Path rootfs() {
                return directory.resolve("rootfs");
            }

            @Override
            protected void settle() {}
        };
        boolean begun = false;
        try {
            prepare(directory, base);
            Files.createDirectory(draft.rootfs());
            if (base.isPresent()) {
                copy(result(base.get()).resolve("rootfs"), draft.rootfs(), base.get());
            }
            begun = true;
            return draft;
        } finally {
            if (!begun) {
                draft.close();
            }
        }
    }

    /**
     * Everything of it: hard links, ACLs, attributes and with them capabilities, devices, holes, times to the nanosecond (rsync compares
     * whole seconds unless told otherwise, and leaves a directory or link that it has just made as it is when these agree).
     */
    private void copy(Path from, Path to, SnapshotId base) throws IOException {
        commands.run(HostCommand.of(
                        "copy the snapshot " + base,
                        "rsync",
                        "-aHAX",
                        "--numeric-ids",
                        "--sparse",
                        "--whole-file",
                        "--modify-window=-1",
                        "--")
                .byteArg(Bytes.ofText(from + "/"))
                .arg(to)
                .within(COPY_LIMIT));
    }

    @Override
    public View open(SnapshotId id) throws IOException {
        Path rootfs = result(
                        find(id).orElseThrow(() -> new StoreException("there is no snapshot " + id + " in " + name()))
                                .id())
                .resolve("rootfs");
        return new View() {
            @Override
            public Path rootfs() {
                return rootfs;
            }

            @Override
            public void close() {}
        };
    }
}
