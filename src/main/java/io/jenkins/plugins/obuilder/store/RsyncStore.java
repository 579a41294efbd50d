package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileSystemKind;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.MacTools;
import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Snapshots as whole copies, in the layout of the reference's rsync stores: works on every file system. They can share files with the snapshots that they were built on;
 * while a step works it has a copy of its own all the same, since it may change any file.
 */
final class RsyncStore extends TreeStore {
    static final String KIND = "rsync";

    private final Commands commands;
    private final RsyncMode mode;

    /** Drafts on a base, as they were before the step began. */
    private final Map<Path, CopiedTree> copied = new ConcurrentHashMap<>();

    private final boolean timesAreProof;

    RsyncStore(Path root, Commands commands, Optional<RsyncMode> wanted) throws IOException {
        super(KIND, root, new RsyncTrees(commands), CacheNames.PLAIN, directory -> Optional.empty());
        this.commands = commands;
        if (wanted.isPresent()) {
            wanted.get().rememberIn(this.root);
        }
        mode = RsyncMode.rememberedIn(this.root);
        timesAreProof = CopiedTree.isProofOn(FileSystemKind.of(this.root));
    }

    @Override
    public Optional<String> whyUnsupported() {
        return !OperatingSystem.isMac() || commands.find("rsync").isPresent()
                ? Optional.empty()
                : Optional.of("rsync is not installed (brew install rsync)");
    }

    @Override
    protected void derive(Path base, Path draft, SnapshotId id) throws IOException {
        super.derive(base, draft, id);
        if (mode == RsyncMode.HARDLINK && timesAreProof) {
            try (Dir beside = Dir.open(draft);
                    Dir rootfs = beside.openDir("rootfs")) {
                copied.put(draft, CopiedTree.of(rootfs, beside));
            }
        }
    }

    @Override
    protected void beforeCommit(Path draft) throws IOException {
        Optional<CopiedTree> proof = Optional.ofNullable(copied.remove(draft));
        Optional<SnapshotId> base = baseOf(draft);
        if (mode == RsyncMode.COPY || base.isEmpty()) {
            return;
        }
        try (Dir original = Dir.open(result(base.get()).resolve("rootfs"));
                Dir rootfs = Dir.open(draft.resolve("rootfs"))) {
            new LinkSharing(original, proof, mode == RsyncMode.HARDLINK).share(rootfs);
        }
    }

    @Override
    protected void discarded(Path draft) {
        copied.remove(draft);
    }

    private static final class RsyncTrees extends PlainTrees {
        RsyncTrees(Commands commands) {
            super(commands);
        }

        /** On Linux {@code cp} keeps as much as rsync, into a directory where nothing is yet, and takes a third of its time. */
        @Override
        public void copy(Path tree, Path copy, String what) throws IOException {
            if (!OperatingSystem.isMac()) {
                super.copy(tree, copy, what);
                return;
            }
            make(copy);
            commands.run(HostCommand.of("copy " + what, "rsync")
                    .args(MacTools.rsyncOptions())
                    .byteArg(Bytes.ofText(tree + "/"))
                    .arg(copy)
                    .within(COPY_LIMIT));
        }
    }
}
