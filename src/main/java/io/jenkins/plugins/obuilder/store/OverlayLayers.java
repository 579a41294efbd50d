package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.HostException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The open layers of a snapshot, the top one first. Each is a step's own, or a merged one, which stands for a snapshot's layer and some
 * of those below it: {@code merged/rootfs} in the snapshot, with a link {@code parent} to the snapshot where it goes on. The reference
 * leaves no {@code rootfs} when a step changed nothing: such a snapshot has no layer.
 */
final class OverlayLayers implements Closeable {
    private static final String MERGED = "merged";

    private final List<Dir> directories = new ArrayList<>();
    private final List<Path> homes = new ArrayList<>();

    /**
     * Opens them.
     *
     * @param result the directory of a finished snapshot
     */
    OverlayLayers(Path result) throws IOException {
        boolean complete = false;
        try {
            Optional<Path> at = Optional.of(result);
            while (at.isPresent()) {
                Path merged = at.get().resolve(MERGED);
                Path home = Files.isDirectory(merged) ? merged : at.get();
                Path rootfs = home.resolve("rootfs");
                at = parent(home, result.getParent());
                if (at.isEmpty() || Files.isDirectory(rootfs, LinkOption.NOFOLLOW_LINKS)) {
                    directories.add(Dir.open(rootfs));
                    homes.add(home);
                }
            }
            complete = true;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    /** Of a link only the last part counts, since a store may be moved. */
    private static Optional<Path> parent(Path home, Path results) throws IOException {
        Path link = home.resolve(ParentLink.NAME);
        return Files.isSymbolicLink(link)
                ? Optional.of(results.resolve(
                        Files.readSymbolicLink(link).getFileName().toString()))
                : Optional.empty();
    }

    List<Dir> directories() {
        return directories;
    }

    /** The root file system of a snapshot that has but one. */
    Path only() {
        return homes.get(0).resolve("rootfs");
    }

    int size() {
        return directories.size();
    }

    /**
     * Merges layers at the top into a new directory: all that are a step's own or, if too many are merged already, all but the lowest, which
     * is the base image's.
     *
     * @param enough how many merged layers there may be
     */
    void mergeInto(Path directory, int enough) throws IOException {
        int count = 0;
        while (count < size() - 1 && !isMerged(count)) {
            count++;
        }
        if (size() - 1 - count >= enough) {
            count = size() - 1;
        }
        Files.createDirectory(directory);
        Path rootfs = Files.createDirectory(directory.resolve("rootfs"));
        try (Dir into = Dir.open(rootfs)) {
            LayerMerge.merge(directories.subList(0, count), into);
        }
        Path next = homes.get(count);
        Files.createSymbolicLink(directory.resolve(ParentLink.NAME), isMerged(count) ? next.getParent() : next);
    }

    /** Where a snapshot keeps its merged layer. */
    static Path merged(Path result) {
        return result.resolve(MERGED);
    }

    private boolean isMerged(int layer) {
        return homes.get(layer).endsWith(MERGED);
    }

    @Override
    public void close() throws HostException {
        for (Dir directory : directories) {
            directory.close();
        }
    }
}
