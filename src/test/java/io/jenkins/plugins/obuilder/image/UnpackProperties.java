package io.jenkins.plugins.obuilder.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import io.jenkins.plugins.obuilder.testing.TreeListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import net.jqwik.api.statistics.Statistics;

/** Random trees come through real tar unchanged; random hostile archives touch nothing outside. */
@Needs(Need.PRIVATE_ROOT)
class UnpackProperties {
    private Path directory;

    @BeforeTry
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("unpack");
    }

    @AfterTry
    void removeDirectory() throws IOException {
        Tools.run(Path.of("/"), "rm", "-rf", "--", directory.toString());
    }

    @Property(tries = 25, shrinking = ShrinkingMode.OFF)
    void treesComeThroughRealTar(@ForAll("trees") List<String> commands, @ForAll("formats") String format)
            throws IOException {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Path root = Files.createDirectory(directory.resolve("root"));
        Tools.script(tree, "set +e; exec 2>/dev/null\n" + String.join("\n", commands) + "\ntrue\n");
        Path archive = directory.resolve("tree.tar");
        Tools.run(tree, ("tar " + format + " --numeric-owner -cf " + archive + " .").split(" "));
        new TarImage(archive, DigestMemory.none(), UnpackLimits.DEFAULT).unpack(root, Progress.of(line -> {}));
        Path expected = tree;
        if (!format.contains("posix")) { // the others keep neither attributes nor parts of a second
            expected = Files.createDirectory(directory.resolve("expected"));
            Tools.run(expected, "tar", "-xpf", archive.toString(), "--numeric-owner", "--delay-directory-restore");
        }
        assertThat(TreeListing.of(root)).isEqualTo(TreeListing.of(expected));
    }

    @Property(tries = 25, shrinking = ShrinkingMode.OFF)
    void treesAreCopiedAndTheCopyHasTheSameFingerprint(@ForAll("trees") List<String> commands) throws IOException {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Path root = Files.createDirectory(directory.resolve("root"));
        Tools.script(tree, "set +e; exec 2>/dev/null\n" + String.join("\n", commands) + "\ntrue\n");
        DirImage image = new DirImage(tree, DigestMemory.none());
        image.unpack(root, Progress.of(line -> {}));
        assertThat(TreeListing.of(root)).isEqualTo(TreeListing.of(tree));
        assertThat(new DirImage(root, DigestMemory.none()).identity()).isEqualTo(image.identity());
    }

    @Provide
    Arbitrary<String> formats() {
        return Arbitraries.of(
                "--format=posix --xattrs --xattrs-include=* --acls",
                "--format=posix --sparse --xattrs --xattrs-include=* --acls",
                "--format=gnu",
                "--format=gnu --sparse",
                "--format=oldgnu --sparse");
    }

    /** Shell commands, of which some fail because what they need is not there. */
    @Provide
    Arbitrary<List<String>> trees() {
        Arbitrary<String> part = Arbitraries.of(
                "a", "b", "c", "\u00e9", "\u00ff\u0080", "x y", "new\nline", "-n", "n".repeat(130), "q'\"\\");
        Arbitrary<String> path =
                part.list().ofMinSize(1).ofMaxSize(3).map(parts -> Tools.quoted("./" + String.join("/", parts)));
        Arbitrary<Integer> number = Arbitraries.integers().between(0, 5000);
        Arbitrary<String> directory = path.map(p -> "mkdir -p " + p);
        Arbitrary<String> file = Combinators.combine(path, number)
                .as((p, n) ->
                        "test -e " + p + " || head -c " + n + " /dev/urandom > " + p); // writing into a pipe would wait
        Arbitrary<String> holes = Combinators.combine(path, number).as((p, n) -> "truncate -s " + n + "00 " + p);
        Arbitrary<String> symlink = Combinators.combine(path, path).as((p, q) -> "ln -s " + q + " " + p);
        Arbitrary<String> hardLink = Combinators.combine(path, path).as((p, q) -> "ln " + q + " " + p);
        Arbitrary<String> node = path.map(p -> "mkfifo " + p + " || mknod " + p + ".null c 1 3");
        Arbitrary<String> owner =
                Combinators.combine(path, number, number).as((p, u, g) -> "chown -h " + u + "00000:" + g + " " + p);
        Arbitrary<String> mode = Combinators.combine(
                        path, Arbitraries.integers().between(0, 07777))
                .as((p, m) -> "chmod " + Integer.toOctalString(m) + " " + p);
        Arbitrary<String> time = Combinators.combine(
                        path, Arbitraries.integers().between(-100_000, 2_000_000_000), number)
                .as((p, s, n) -> "touch -h -d @" + s + "." + String.format("%04d", n) + " " + p);
        Arbitrary<String> xattr = Combinators.combine(path, Arbitraries.of("user.a", "trusted.b", "user.c=d"), number)
                .as((p, name, n) -> "setfattr -h -n " + name + " -v 0x00ff0a3d" + String.format("%04d", n) + " " + p);
        Arbitrary<String> acl = path.map(p -> "setfacl -m u:12:rwx " + p + "; setfacl -d -m g:13:r " + p);
        Arbitrary<String> capability = path.map(p -> "setcap cap_net_raw+ep " + p);
        return Arbitraries.oneOf(
                        directory,
                        directory,
                        file,
                        file,
                        holes,
                        symlink,
                        hardLink,
                        hardLink,
                        node,
                        owner,
                        mode,
                        time,
                        xattr,
                        acl,
                        capability)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 400, shrinking = ShrinkingMode.OFF)
    void hostileArchivesTouchNothingOutside(@ForAll("archives") List<TarBytes> layers) throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("victim"), "unharmed");
        SortedMap<String, String> before = quickListing();
        byte[][] bytes = layers.stream().map(TarBytes::bytes).toArray(byte[][]::new);
        boolean unpacked = false;
        try {
            Unpacked.layers(directory, new UnpackLimits(1000, 1 << 20), line -> {}, bytes);
            unpacked = true;
        } catch (ImageException e) {
            assertThat(e.getMessage()).contains("oci:", "layer ");
        }
        assertThat(quickListing()).isEqualTo(before);
        Statistics.label("unpacked").collect(unpacked);
        Statistics.label("unpacked").coverage(outcomes -> outcomes.check(true).percentage(percent -> percent > 10));
    }

    /** Two programs fewer a try than the whole listing. */
    private SortedMap<String, String> quickListing() throws IOException {
        SortedMap<String, String> listing = new java.util.TreeMap<>();
        for (String name : List.of("outside", "outside/victim")) {
            listing.put(
                    name,
                    Files.readAttributes(
                                    directory.resolve(name), "unix:mode,uid,gid,nlink,ino,size,lastModifiedTime,ctime")
                            .toString());
        }
        listing.put("contents", Files.readString(directory.resolve("outside/victim")));
        return listing;
    }

    @Provide
    Arbitrary<List<TarBytes>> archives() {
        Arbitrary<String> part = Arbitraries.frequency(
                Tuple.of(40, "a"),
                Tuple.of(40, "b"),
                Tuple.of(20, "victim"),
                Tuple.of(10, "."),
                Tuple.of(10, ""),
                Tuple.of(10, "/"),
                Tuple.of(5, ".wh.a"),
                Tuple.of(5, ".wh..wh..opq"),
                Tuple.of(5, ".wh.victim"),
                Tuple.of(1, ".."),
                Tuple.of(1, "\0"));
        Arbitrary<String> name = part.list().ofMinSize(1).ofMaxSize(5).map(parts -> String.join("/", parts));
        Arbitrary<String> target = Arbitraries.oneOf(
                name,
                Arbitraries.of(
                        "../outside",
                        "../../outside",
                        "../outside/victim",
                        "/outside",
                        "..",
                        "/",
                        ".",
                        "a",
                        "b",
                        "a/b"));
        Arbitrary<Character> type = Arbitraries.of('0', '0', '1', '2', '2', '5', '5', '6', '3', 'S', 'D', 'V', 'x');
        Arbitrary<TarBytes.Header> header = Combinators.combine(
                        type, name, target, Arbitraries.longs().between(0, 1200))
                .as((kind, n, link, size) -> new TarBytes.Header(kind, n, kind == '0' || kind == 'S' ? size : 0)
                        .link(link)
                        .octal(329, 8, 1)
                        .octal(337, 8, 3)
                        .octal(483, 12, size * 3));
        Arbitrary<String> pax = Combinators.combine(
                        Arbitraries.of("path", "linkpath", "uid", "mtime", "GNU.sparse.map", "SCHILY.xattr.user.x"),
                        name)
                .as((key, value) -> key + "\n" + value);
        return Combinators.combine(
                        header,
                        Arbitraries.frequencyOf(
                                Tuple.of(9, Arbitraries.just(List.<String>of())),
                                Tuple.of(1, pax.list().ofSize(1))))
                .as(Entry::new)
                .list()
                .ofMaxSize(12)
                .map(UnpackProperties::archive)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    private record Entry(TarBytes.Header header, List<String> pax) {}

    private static TarBytes archive(List<Entry> entries) {
        TarBytes archive = new TarBytes();
        for (Entry entry : entries) {
            for (String record : entry.pax()) {
                int end = record.indexOf('\n');
                archive.pax(record.substring(0, end), record.substring(end + 1));
            }
            archive.header(entry.header()).data("\0".repeat((int) entry.header().size()));
        }
        return archive;
    }
}
