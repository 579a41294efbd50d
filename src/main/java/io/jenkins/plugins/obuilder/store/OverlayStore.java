package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.Xattrs;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    private static final String WRITABLE_OPTIONS = OPTIONS + ",volatile";

    OverlayStore(Path root, Commands commands) throws IOException {
        super(KIND, root, commands, List.of("in-progress", "merged", "work"));
    }

    @Override
    public Optional<String> whyUnsupported() throws IOException {
        String name = owner.newName();
        Path lower = root.resolve("in-progress").resolve(name);
        Path directory = root.resolve("work").resolve(name);
        Path merged = root.resolve("merged").resolve(name);
        try {
            Files.createDirectory(lower);
            Files.createDirectory(directory);
            Files.createDirectory(merged);
            Path upper = Files.createDirectory(directory.resolve("upper"));
            Path work = Files.createDirectory(directory.resolve("work"));
            Mounts.overlay(List.of(lower), Optional.of(upper), Optional.of(work), merged, WRITABLE_OPTIONS);
            Mounts.unmount(merged);
            return Optional.empty();
        } catch (HostException e) {
            return Optional.of(
                    "overlayfs is refused in " + root + " (" + e.getMessage()
                            + "): it needs root, and a directory that does not itself lie on an overlay; rsync:PATH works everywhere");
        } finally {
            for (Path temporary : List.of(lower, directory, merged)) {
                remove(temporary);
            }
        }
    }

    @Override
    public Draft begin(SnapshotId id, Optional<SnapshotId> base) throws IOException {
        String name = owner.newName();
        OverlayDraft draft = new OverlayDraft(id, name, base.isPresent());
        boolean begun = false;
        try {
            prepare(draft.directory, base);
            Files.createDirectory(draft.upper());
            if (base.isPresent()) {
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
        Files.createDirectory(draft.work);
        Files.createDirectory(draft.merged);
        try (Layers layers = new Layers(base);
                Dir upper = Dir.open(draft.upper());
                Dir work = Dir.open(draft.work)) {
            adoptRoot(layers.directories.get(0), upper);
            Mounts.overlayOf(
                    layers.directories, Optional.of(new Mounts.Layer(upper, work)), draft.merged, WRITABLE_OPTIONS);
        }
    }

    /** The root directory of the mount is that of the top layer, so that gets what the root below has. */
    private static void adoptRoot(Dir from, Dir to) throws HostException {
        FileStat stat = from.stat();
        to.chown(stat.uid(), stat.gid());
        to.chmod(stat.mode());
        Xattrs attributes = to.xattrs(".");
        for (Map.Entry<String, byte[]> attribute : from.xattrs(".").all().entrySet()) {
            if (!attribute.getKey().startsWith("trusted.overlay.")) {
                attributes.set(attribute.getKey(), attribute.getValue());
            }
        }
        to.setTime(stat.mtime());
    }

    @Override
    public View open(SnapshotId id) throws IOException {
        if (find(id).isEmpty()) {
            throw new StoreException("there is no snapshot " + id + " in " + name());
        }
        try (Layers layers = new Layers(id)) {
            if (layers.directories.size() == 1) {
                return new PlainView(result(id).resolve("rootfs"));
            }
            Path merged = Files.createDirectory(root.resolve("merged").resolve(owner.newName()));
            boolean mounted = false;
            try {
                Mounts.overlayOf(layers.directories, Optional.empty(), merged, OPTIONS);
                mounted = true;
            } finally {
                if (!mounted) {
                    remove(merged);
                }
            }
            return new MountedView(merged);
        }
    }

    private record PlainView(Path rootfs) implements View {
        @Override
        public void close() {}
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

    /** The open layers of a snapshot, the top one first. */
    private final class Layers implements AutoCloseable {
        final List<Dir> directories = new ArrayList<>();

        Layers(SnapshotId top) throws IOException {
            boolean complete = false;
            try {
                for (Optional<SnapshotId> id = Optional.of(top); id.isPresent(); id = parent(result(id.get()))) {
                    directories.add(Dir.open(result(id.get()).resolve("rootfs")));
                }
                complete = true;
            } finally {
                if (!complete) {
                    close();
                }
            }
        }

        @Override
        public void close() throws HostException {
            for (Dir directory : directories) {
                directory.close();
            }
        }
    }

    private final class OverlayDraft extends DirectoryDraft {
        private final Path merged;
        private final Path work;
        private final boolean onBase;

        OverlayDraft(SnapshotId id, String name, boolean onBase) {
            super(id, root.resolve("in-progress").resolve(name));
            merged = root.resolve("merged").resolve(name);
            work = root.resolve("work").resolve(name);
            this.onBase = onBase;
        }

        Path upper() {
            return directory.resolve("rootfs");
        }

        @Override
        public Path rootfs() {
            return onBase ? merged : upper();
        }

        @Override
        protected void settle() throws IOException {
            if (onBase) {
                Mounts.unmount(merged);
                remove(merged);
                remove(work);
            }
        }
    }
}
