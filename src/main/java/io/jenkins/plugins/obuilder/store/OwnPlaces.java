package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.ProcessUser;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The directories that make up a store: whose they are, and what else lies among them. No link is followed. */
final class OwnPlaces {
    private static final int OTHERS_WRITE = 022;
    private static final int OTHERS = 077;

    /** Of stores of all kinds, the reference's as well. */
    private static final Set<String> DIRECTORIES = Set.of(
            "result",
            "result-tmp",
            "cache",
            "cache-tmp",
            "state",
            "in-progress",
            "merged",
            "work",
            "cache-result",
            "cache-work",
            "cache-merged");

    private static final List<String> OF_STATE =
            List.of("db", "locks", "leases", "owners", "caches", "unsynced", "files", "drafts", "processes", "lib");

    /** What systems put into the top directory of a volume. */
    private static final Set<String> OF_VOLUMES =
            Set.of("lost+found", ".zfs", ".DS_Store", ".fseventsd", ".Spotlight-V100", ".Trashes", ".TemporaryItems");

    private final Path root;

    OwnPlaces(Path root) {
        this.root = root;
    }

    /**
     * Those that somebody else could change things in. The top directory nobody else may enter: builds leave set-uid programs in
     * snapshots.
     */
    List<Path> unprotected() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path place : places()) {
            Optional<FileStat> stat = stat(place);
            if (stat.isPresent() && !isProtected(place, stat.get())) {
                found.add(place);
            }
        }
        return found;
    }

    /** Gives them their owner and permissions back. */
    void protect() throws IOException {
        for (Path place : unprotected()) {
            try (Dir parent = Dir.open(place.getParent());
                    Dir directory =
                            parent.openDir(Bytes.ofText(place.getFileName().toString()))) {
                FileStat stat = directory.stat();
                if (ProcessUser.isRoot()) {
                    directory.chown(0, stat.gid());
                }
                directory.chmod(stat.mode() & ~refused(place));
            }
        }
    }

    private List<Path> places() {
        List<Path> places = new ArrayList<>(List.of(root));
        DIRECTORIES.stream().sorted().map(root::resolve).forEach(places::add);
        OF_STATE.stream().map(root.resolve("state")::resolve).forEach(places::add);
        return places;
    }

    private boolean isProtected(Path place, FileStat stat) {
        boolean owned = !ProcessUser.isRoot() || stat.uid() == 0;
        return !stat.isDirectory() || owned && (stat.mode() & refused(place)) == 0;
    }

    private int refused(Path place) {
        return place.equals(root) ? OTHERS : OTHERS_WRITE;
    }

    private static Optional<FileStat> stat(Path place) throws IOException {
        Path directory = place.getParent();
        if (!directory.toFile().isDirectory()) {
            return Optional.empty();
        }
        try (Dir parent = Dir.open(directory)) {
            return parent.stat(Bytes.ofText(place.getFileName().toString()));
        }
    }

    /** What lies among them, or among the snapshots, and is not the store's. */
    List<Path> foreign() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Dir.Entry entry : list(root)) {
            String name = Bytes.toText(entry.name());
            if (!DIRECTORIES.contains(name) && !OF_VOLUMES.contains(name)) {
                found.add(root.resolve(name));
            }
        }
        for (Dir.Entry entry : list(root.resolve("result"))) {
            String name = Bytes.toText(entry.name());
            if (!SnapshotId.isForm(name) && !OF_VOLUMES.contains(name)) {
                found.add(root.resolve("result").resolve(name));
            }
        }
        return found;
    }

    private static List<Dir.Entry> list(Path directory) throws IOException {
        if (!directory.toFile().isDirectory()) {
            return List.of();
        }
        try (Dir dir = Dir.open(directory)) {
            return dir.list();
        }
    }
}
