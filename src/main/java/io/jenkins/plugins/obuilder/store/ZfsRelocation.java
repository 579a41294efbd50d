package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Mounts the parts of a root file system, and caches, at other places: {@code home} at a user's home, {@code brew} at Homebrew's prefix. */
final class ZfsRelocation implements Relocation {
    private static final String MOUNT_POINT = "mountpoint";

    private final ZfsCommands zfs;
    private final ZfsDatasets datasets;

    ZfsRelocation(ZfsCommands zfs, ZfsDatasets datasets) {
        this.zfs = zfs;
        this.datasets = datasets;
    }

    @Override
    public Optional<Closeable> move(Path directory, Path to) throws IOException {
        Path relative = datasets.root().relativize(directory.toAbsolutePath().normalize());
        String first = relative.getName(0).toString();
        int depth = relative.getNameCount();
        if (first.equals(ZfsDatasets.CACHE_TMP) && depth == 2) {
            return Optional.of(move(datasets.at(directory), to));
        }
        if (!first.equals(ZfsDatasets.RESULT)
                || depth < 3
                || !relative.getName(2).toString().equals(ZfsParts.HOME)) {
            return Optional.empty();
        }
        String result = datasets.at(datasets.root().resolve(relative.subpath(0, 2)));
        if (depth == 3) {
            return Optional.of(moveHome(result, directory, to));
        }
        return depth == 4 && relative.getName(3).toString().equals(ZfsParts.LOCAL)
                ? Optional.of(move(result + "/" + ZfsParts.BREW, to))
                : Optional.empty();
    }

    /** What is mounted in the home moves with it. */
    private Closeable moveHome(String result, Path home, Path to) throws IOException {
        String brew = result + "/" + ZfsParts.BREW;
        boolean inside = isMountedAt(brew, home.resolve(ZfsParts.LOCAL));
        if (inside) {
            zfs.unmount(brew);
        }
        Closeable back = move(result + "/" + ZfsParts.HOME, to);
        if (!inside) {
            return back;
        }
        Closeable brewBack = showBrew(brew, to);
        return () -> {
            brewBack.close();
            back.close();
            showBrew(brew, home);
        };
    }

    private Closeable showBrew(String brew, Path home) throws IOException {
        ZfsParts.makeLocal(home);
        zfs.set(brew, MOUNT_POINT, home.resolve(ZfsParts.LOCAL).toString());
        zfs.mount(brew);
        return () -> zfs.unmount(brew);
    }

    private boolean isMountedAt(String dataset, Path place) throws IOException {
        List<String> row = zfs.list(dataset, "filesystem", 0, "mounted", MOUNT_POINT)
                .orElse(List.of(List.of("no", "")))
                .get(0);
        return row.get(0).equals("yes") && row.get(1).equals(Bytes.ofText(place.toString()));
    }

    private Closeable move(String dataset, Path to) throws IOException {
        Optional<Path> hidden = zfs.program().filter(program -> program.startsWith(to));
        if (hidden.isPresent()) {
            throw new StoreException("cannot mount " + dataset + " at " + to + ": that would hide the command "
                    + hidden.get() + ", which is to unmount it; choose another prefix (--prefix)");
        }
        String before = zfs.list(dataset, "filesystem", 0, MOUNT_POINT)
                .orElseThrow(() -> new StoreException("cannot move " + dataset + ": there is no such dataset"))
                .get(0)
                .get(0);
        boolean wasThere = Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS);
        zfs.unmount(dataset);
        zfs.set(dataset, MOUNT_POINT, to.toString());
        zfs.mount(dataset);
        return () -> {
            zfs.unmount(dataset);
            if (!wasThere) {
                removeEmpty(to);
            }
            zfs.set(dataset, MOUNT_POINT, Bytes.toText(before));
            zfs.mount(dataset);
        };
    }

    /** Whether unmounting leaves a directory that mounting made hangs on the system. */
    private static void removeEmpty(Path directory) throws IOException {
        try (Dir parent = Dir.open(directory.getParent())) {
            parent.removeDir(Bytes.ofText(directory.getFileName().toString()));
        } catch (FileException e) {
            if (!e.isMissing()) {
                throw e;
            }
        }
    }

    @Override
    public List<String> programs() {
        return List.of("zfs");
    }

    @Override
    public void clear(Path place) throws IOException {
        String directory = Bytes.ofText(place.toString());
        List<ZfsCommands.Mounted> mounted = zfs.mounted();
        for (int i = mounted.size() - 1; i >= 0; i--) {
            String where = mounted.get(i).place();
            boolean ours = mounted.get(i).dataset().startsWith(datasets.dataset() + "/");
            if (ours && (where.equals(directory) || where.startsWith(directory + "/"))) {
                zfs.unmount(mounted.get(i).dataset());
            }
        }
    }
}
