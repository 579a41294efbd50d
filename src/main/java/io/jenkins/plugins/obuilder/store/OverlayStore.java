package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileSystemKind;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.LinuxMounts;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Each snapshot is one layer of an overlay file system: {@code result/ID/rootfs} holds what the step changed, {@code parent} leads to the
 * layer below. A step's mount lies in {@code merged/}, its changes gather in {@code in-progress/}.
 */
final class OverlayStore extends DirectoryStore {
    static final String KIND = "overlayfs";

    /**
     * Layers are stacked anew at every step, which the kernel allows only without these features. Nothing half-done is ever used, so a
     * step's mount need not be written to the disk when it ends ({@code volatile}).
     */
    private static final String OPTIONS = "index=off,redirect_dir=off,metacopy=off,xino=off";

    /** The kernel takes some 200 by their descriptors, and looking up a name takes longer with each. */
    private static final int MOST_LAYERS = 64;

    private static final Set<String> GOOD_UPPER_LAYERS = Set.of("ext4", "xfs", "btrfs", "tmpfs", "f2fs");

    private static final String WRITABLE_OPTIONS = OPTIONS + ",volatile";

    private final int mostLayers;

    OverlayStore(Path root, Commands commands) throws IOException {
        this(root, commands, MOST_LAYERS);
    }

    /** @param mostLayers how many layers may be mounted at once, at least 2 */
    OverlayStore(Path root, Commands commands, int mostLayers) throws IOException {
        super(
                KIND,
                root,
                new PlainTrees(commands),
                CacheNames.PLAIN,
                List.of("in-progress", "merged", "work"),
                OverlayStore::whyNotIn);
        this.mostLayers = mostLayers;
    }

    /** Tries it, but not where it is known to work for whoever may mount: that takes longer than a look at a store. */
    private static Optional<String> whyNotIn(Path directory) throws IOException {
        if (GOOD_UPPER_LAYERS.contains(FileSystemKind.of(directory))) {
            return Optional.empty();
        }
        Path probe = Files.createDirectory(directory.resolve("overlay"));
        try {
            return whyRefused(probe);
        } finally {
            try (Dir parent = Dir.open(directory)) {
                parent.removeTree("overlay");
            }
        }
    }

    @Override
    public Optional<String> whyUnsupported() throws IOException {
        Path probe = Files.createDirectory(root.resolve("work").resolve(owner.newName()));
        try {
            return whyRefused(probe);
        } finally {
            remove(probe);
        }
    }

    private static Optional<String> whyRefused(Path directory) throws IOException {
        Path lower = Files.createDirectory(directory.resolve("lower"));
        Path upper = Files.createDirectory(directory.resolve("upper"));
        Path work = Files.createDirectory(directory.resolve("work"));
        Path merged = Files.createDirectory(directory.resolve("merged"));
        try {
            LinuxMounts.overlay(List.of(lower), Optional.of(upper), Optional.of(work), merged, WRITABLE_OPTIONS);
            Mounts.unmount(merged);
            return Optional.empty();
        } catch (HostException e) {
            return Optional.of(
                    "overlayfs is refused there, on " + FileSystemKind.of(directory) + " (" + e.getMessage()
                            + "): it needs root, and a directory that does not itself lie on an overlay; rsync:PATH works everywhere");
        }
    }

    @Override
    public Draft begin(SnapshotId id, Optional<SnapshotId> base) throws IOException {
        String name = owner.newName();
        OverlayDraft draft = new OverlayDraft(id, name, base);
        boolean begun = false;
        try {
            trees.make(draft.directory);
            Files.createDirectory(draft.upper());
            if (base.isPresent()) {
                Path parent = finished(base.get());
                Files.createSymbolicLink(draft.directory.resolve(ParentLink.NAME), parent);
                adopt(draft.directory, parent);
                Files.createDirectory(draft.work);
                Files.createDirectory(draft.merged);
                mount(draft, base.get());
            }
            begun = true;
            return draft;
        } finally {
            if (!begun) {
                draft.close();
            }
        }
    }

    private void mount(OverlayDraft draft, SnapshotId base) throws IOException {
        try (OverlayLayers layers = layers(base);
                Dir upper = Dir.open(draft.upper());
                Dir work = Dir.open(draft.work)) {
            // The root directory of the mount is that of the top layer.
            LayerMerge.adopt(layers.directories().get(0), upper);
            LinuxMounts.overlayOf(
                    layers.directories(),
                    Optional.of(new LinuxMounts.Layer(upper, work)),
                    draft.merged,
                    WRITABLE_OPTIONS);
        }
    }

    /** The layers of a base, few enough to be mounted: they are merged in time. */
    private OverlayLayers layers(SnapshotId id) throws IOException {
        OverlayLayers layers = new OverlayLayers(result(id));
        if (layers.size() <= mostLayers) {
            return layers;
        }
        try (layers) {
            merge(layers, OverlayLayers.merged(result(id)));
        }
        return new OverlayLayers(result(id));
    }

    private void merge(OverlayLayers layers, Path target) throws IOException {
        Path merged = root.resolve("in-progress").resolve(owner.newName());
        try {
            layers.mergeInto(merged, mostLayers / 2);
            Files.move(merged, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Somebody else may have merged them at the same time.
            if (!Files.isDirectory(target)) {
                throw e;
            }
        } finally {
            remove(merged);
        }
    }

    /** One of its layers: of that below its own, or when those were merged, of the merged ones. */
    @Override
    protected boolean isBroken(Snapshot snapshot) throws IOException {
        Path result = result(snapshot.id());
        boolean layer = Files.isDirectory(result.resolve("rootfs"), LinkOption.NOFOLLOW_LINKS);
        if (snapshot.parent().isPresent() ? find(snapshot.parent().get()).isPresent() : layer) {
            return false;
        }
        try (OverlayLayers layers = new OverlayLayers(result)) {
            return layers.size() == 0;
        } catch (HostException | NoSuchFileException e) {
            return true;
        }
    }

    @Override
    public View open(SnapshotId id) throws IOException {
        if (find(id).isEmpty()) {
            throw new StoreException("there is no snapshot " + id + " in " + name());
        }
        try (OverlayLayers layers = layers(id)) {
            if (layers.size() == 1) {
                return new PlainView(layers.only());
            }
            Path merged = Files.createDirectory(root.resolve("merged").resolve(owner.newName()));
            boolean mounted = false;
            try {
                LinuxMounts.overlayOf(layers.directories(), Optional.empty(), merged, OPTIONS);
                mounted = true;
            } finally {
                if (!mounted) {
                    remove(merged);
                }
            }
            return new MountedView(merged);
        }
    }

    private final class MountedView implements View {
        private final Path merged;

        MountedView(Path merged) {
            this.merged = merged;
        }

        @Override
        public Path rootfs() {
            return merged;
        }

        @Override
        public void close() throws IOException {
            Mounts.unmount(merged);
            remove(merged);
        }
    }

    private final class OverlayDraft extends DirectoryDraft {
        private final Path merged;
        private final Path work;
        private final Optional<SnapshotId> base;

        OverlayDraft(SnapshotId id, String name, Optional<SnapshotId> base) {
            super(id, root.resolve("in-progress").resolve(name));
            merged = root.resolve("merged").resolve(name);
            work = root.resolve("work").resolve(name);
            this.base = base;
        }

        Path upper() {
            return directory.resolve("rootfs");
        }

        @Override
        public Path rootfs() {
            return base.isPresent() ? merged : upper();
        }

        /** Not into what is mounted: whatever changes under a mount's layers, it may or may not see. */
        @Override
        public boolean take(Ahead ahead) throws IOException {
            if (base.isEmpty()) {
                return take(ahead, upper());
            }
            Mounts.unmount(merged);
            remove(work);
            boolean taken = take(ahead, upper());
            Files.createDirectory(work);
            mount(this, base.get());
            return taken;
        }

        @Override
        public Path changes() {
            return upper();
        }

        @Override
        protected void settle() throws IOException {
            if (base.isPresent()) {
                Mounts.unmount(merged);
                remove(merged);
                remove(work);
            }
        }
    }
}
