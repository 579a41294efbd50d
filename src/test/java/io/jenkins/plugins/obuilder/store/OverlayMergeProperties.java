package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import io.jenkins.plugins.obuilder.testing.TreeListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** However deep a snapshot is, merging its layers changes nothing that can be seen. */
@Needs({Need.PRIVATE_ROOT, Need.OVERLAYFS})
class OverlayMergeProperties {
    private Path directory;

    @BeforeTry
    void open() throws IOException {
        directory = Files.createTempDirectory("merge");
    }

    @AfterTry
    void close() throws IOException {
        assertThat(Mounts.within(directory)).isEmpty();
        Tools.run(Path.of("/"), "rm", "-rf", directory.toString());
    }

    /** Shell commands, of which some fail because what they need is not there; a list for each step. */
    @Provide
    Arbitrary<List<List<String>>> steps() {
        Arbitrary<String> path =
                Arbitraries.of("a", "b", "c").list().ofMinSize(1).ofMaxSize(3).map(parts -> String.join("/", parts));
        Arbitrary<Integer> number = Arbitraries.integers().between(0, 1023);
        Arbitrary<String> directory = path.map(p -> "mkdir -p " + p);
        Arbitrary<String> file = path.map(p -> "test -p " + p + " || echo " + p + " >> " + p); // a pipe waits
        Arbitrary<String> gone = path.map(p -> "rm -rf " + p);
        Arbitrary<String> anew = path.map(p -> "rm -rf " + p + "; mkdir " + p);
        Arbitrary<String> renamed = Combinators.combine(path, path).as((p, q) -> "mv -T " + p + " " + q);
        Arbitrary<String> linked = Combinators.combine(path, path).as((p, q) -> "ln " + p + " " + q);
        Arbitrary<String> symlink = Combinators.combine(path, path).as((p, q) -> "ln -s " + p + " " + q);
        Arbitrary<String> mode =
                Combinators.combine(path, number).as((p, n) -> "chmod " + Integer.toOctalString(n) + " " + p);
        Arbitrary<String> owner = Combinators.combine(path, number).as((p, n) -> "chown -h " + n + " " + p);
        Arbitrary<String> attribute = path.map(p -> "setfattr -n user.a -v 1 " + p + "; setfacl -d -m u:9:rwx " + p);
        Arbitrary<String> node = path.map(p -> "mkfifo " + p + " || mknod " + p + "/d c 1 3");
        return Arbitraries.oneOf(
                        directory, directory, file, file, gone, anew, anew, renamed, linked, symlink, mode, owner,
                        attribute, node)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .list()
                .ofMinSize(4)
                .ofMaxSize(16);
    }

    @Tag("long")
    @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
    void mergedLayersShowTheSameManyTimes(@ForAll("steps") List<List<String>> steps) throws IOException {
        mergedLayersShowTheSame(steps);
    }

    @Property(tries = 15, shrinking = ShrinkingMode.OFF)
    void mergedLayersShowTheSame(@ForAll("steps") List<List<String>> steps) throws IOException {
        SortedMap<String, String> unmerged;
        try (Store store = store(1000)) {
            build(store, 0, List.of("mkdir -p a/a b/b; echo base > a/b; echo base > c"));
            for (int n = 1; n <= steps.size(); n++) {
                build(store, n, steps.get(n - 1));
            }
            unmerged = listing(store, steps.size());
        }
        for (int most = 6; most >= 2; most -= 2) {
            try (Store store = store(most)) {
                assertThat(listing(store, steps.size())).isEqualTo(unmerged);
            }
            try (OverlayLayers layers = new OverlayLayers(directory.resolve("result/" + id(steps.size())))) {
                assertThat(layers.size()).isLessThanOrEqualTo(most);
            }
        }
    }

    private OverlayStore store(int mostLayers) throws IOException {
        return new OverlayStore(directory, new SystemCommands(), mostLayers);
    }

    private static SnapshotId id(int n) {
        return new SnapshotId(String.format("%064x", n));
    }

    private static void build(Store store, int n, List<String> commands) throws IOException {
        try (Store.Draft draft = store.begin(id(n), n == 0 ? Optional.empty() : Optional.of(id(n - 1)))) {
            Tools.script(draft.rootfs(), "set +e; exec 2>/dev/null\n" + String.join("\n", commands) + "\ntrue\n");
            draft.commit();
        }
    }

    /** Merging adds names to files, so the number of names is left out. */
    private static SortedMap<String, String> listing(Store store, int n) throws IOException {
        SortedMap<String, String> listing = new TreeMap<>();
        try (Store.View view = store.open(id(n))) {
            TreeListing.of(view.rootfs())
                    .forEach((name, line) -> listing.put(
                            name, line.replace(" same as " + name + " (", " (").replaceAll(" \\(\\d+\\)", "")));
        }
        return listing;
    }
}
