package io.jenkins.plugins.obuilder.defects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.store.Index;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.Store;
import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The engine with its real stores and containers, an image {@code busybox}, and a look at what it leaves behind. */
final class Lab {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    final Path directory;
    final Path base;

    /** What somebody else's build, killed with all its namespaces, left on this machine: nobody here can remove it. */
    private final Set<Path> groupsOfOthers;

    Lab(Path directory) throws IOException {
        this.directory = directory;
        groupsOfOthers = groups();
        base = BusyboxTree.make(directory.resolve("base"));
    }

    /** @param store its kind */
    Workbench bench(String store) throws IOException {
        return new Workbench(directory, store).with("--image", "busybox=dir:" + base);
    }

    /**
     * Nothing of a build is left but its results: no temporary, mount, container, process, secret.
     *
     * @param bench whose store has just been opened by a build, which clears up after those that were killed
     */
    void assertNothingLeft(Workbench bench) throws IOException {
        bench.assertNothingTemporary();
        assertThat(Mounts.within(directory))
                .filteredOn(mount -> !mount.path().equals(directory.toString()))
                .isEmpty();
        assertThat(processes()).isEmpty();
        Set<Path> groups = groups();
        groups.removeAll(groupsOfOthers);
        // Another check on this machine may have killed a build just now, and clears up after it.
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            groups.retainAll(groups());
            assertThat(groups).isEmpty();
        });
        if (Files.exists(directory.resolve("tmp"))) {
            assertThat(directory.resolve("tmp")).isEmptyDirectory();
        }
    }

    /** Every snapshot is whole: it has its parts, its parent is there, and the index knows it. */
    static void assertWhole(Workbench bench) throws IOException {
        try (SharedStore store = bench.open()) {
            for (var id : store.list()) {
                Store.Snapshot snapshot = store.find(id).orElseThrow();
                assertThat(snapshot.log()).exists();
                assertThat(snapshot.env()).exists();
                snapshot.parent()
                        .ifPresent(parent -> assertThat(find(store, parent)).isTrue());
                assertThat(store.index().row(id)).isPresent();
                try (Store.View view = store.open(id)) {
                    assertThat(view.rootfs().resolve("bin/sh")).isSymbolicLink();
                }
            }
            assertThat(store.index().all()).extracting(Index.Row::id).hasSameElementsAs(store.list());
            assertThat(store.index().repairCounts())
                    .as("wrong counts of children")
                    .isZero();
        }
    }

    private static boolean find(SharedStore store, io.jenkins.plugins.obuilder.spec.SnapshotId id) {
        try {
            return store.find(id).isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Command lines of processes that have to do with this lab: engines, runtimes, and whatever runs in a container. */
    List<String> processes() throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            return Stream.iterate(all.iterator(), i -> i.hasNext(), i -> i)
                    .map(i -> i.next())
                    .map(Lab::commandLine)
                    .filter(line -> line.contains(directory.toString()) || line.contains(FOREVER))
                    .collect(Collectors.toList());
        }
    }

    /** Longer than any test: it is there at the end only when nobody ended it. */
    static final String FOREVER = "sleep 7302";

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline")).replace('\0', ' ');
        } catch (IOException e) {
            // It has ended meanwhile.
            return "";
        }
    }

    /** Control groups of containers that have no process, or one of ours: those of other people's have some that we do not see. */
    private static Set<Path> groups() {
        try {
            List<Path> found = allGroups();
            List<String> places = ownPlaces();
            return found.stream()
                    .filter(group -> !isOfOthers(group) && isBelowOneOf(places, group, found))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Other people's come and go meanwhile, which must not hide ours. */
    private static List<Path> allGroups() throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(CGROUPS, Set.of(), 6, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path group, BasicFileAttributes attributes) {
                if (group.getFileName().toString().startsWith("obuilder-")) {
                    found.add(group);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path gone, IOException failure) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path group, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    /** Where this process is in those hierarchies in which it is not in the topmost group. */
    private static List<String> ownPlaces() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                .map(line -> line.substring(line.lastIndexOf(':') + 1))
                .filter(place -> !place.equals("/"))
                .toList();
    }

    /** Containers have a group of the same name in each hierarchy: one that is below our place tells that all of them are ours. */
    private static boolean isBelowOneOf(List<String> places, Path group, List<Path> all) {
        return places.isEmpty()
                || all.stream()
                        .filter(other -> other.getFileName().equals(group.getFileName()))
                        .anyMatch(other -> places.stream()
                                .anyMatch(place -> other.getParent().toString().endsWith(place)));
    }

    private static boolean isOfOthers(Path group) {
        try {
            List<String> processes = Files.readAllLines(group.resolve("cgroup.procs"));
            return !processes.isEmpty() && processes.stream().allMatch("0"::equals);
        } catch (IOException e) {
            return true;
        }
    }
}
