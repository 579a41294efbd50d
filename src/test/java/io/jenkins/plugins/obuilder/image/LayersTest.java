package io.jenkins.plugins.obuilder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.image.OciImages.Packing;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import io.jenkins.plugins.obuilder.testing.TreeListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers over layers: what hides what, what replaces what, and what is checked. */
@Needs(Need.PRIVATE_ROOT)
class LayersTest {
    @TempDir
    Path directory;

    private List<String> names(TarBytes... layers) throws IOException {
        byte[][] bytes = new byte[layers.length][];
        for (int i = 0; i < layers.length; i++) {
            bytes[i] = layers[i].bytes();
        }
        return Unpacked.names(Unpacked.layers(directory, bytes));
    }

    private static TarBytes layer() {
        return new TarBytes();
    }

    @Test
    void whiteoutHidesAFileAndATreeOfTheLayersBelow() throws IOException {
        assertThat(names(
                        layer().directory("a")
                                .file("a/b", "")
                                .file("c", "")
                                .directory("d")
                                .file("d/e", ""),
                        layer().file("a/.wh.b", "")
                                .file(".wh.d", "")
                                .file(".wh.not-there", "")
                                .file("no/.wh.where", "")))
                .containsExactly("a/", "c");
    }

    @Test
    void whiteoutDoesNotHideWhatItsOwnLayerBringsBeforeOrAfter() throws IOException {
        assertThat(names(
                        layer().file("a", "old")
                                .directory("d")
                                .file("d/old", "")
                                .file("b", "old"),
                        layer().file("a", "new")
                                .file(".wh.a", "")
                                .file("d/new", "")
                                .file(".wh.d", "")
                                .file(".wh.b", "")
                                .file("b", "")))
                .containsExactly("a", "b", "d/", "d/new");
    }

    @Test
    void opaqueDirectoryHidesOnlyWhatIsBelow() throws IOException {
        assertThat(names(
                        layer().file("d/old", "")
                                .file("d/sub/old", "")
                                .file("d/both", "old")
                                .file("e/f/old", ""),
                        layer().file("d/new", "")
                                .file("d/.wh..wh..opq", "")
                                .file("d/sub/new", "")
                                .file("d/both", ""),
                        layer().file("e/.wh..wh..opq", "")))
                .containsExactly("d/", "d/both", "d/new", "d/sub/", "d/sub/new", "e/");
    }

    @Test
    void opaqueMarkAfterTheEntriesOfItsLayerKeepsThem() throws IOException {
        assertThat(names(
                        layer().file("d/old", "").file("d/sub/old", ""),
                        layer().file("d/sub/new", "").file("d/new", "").file("d/.wh..wh..opq", "")))
                .containsExactly("d/", "d/new", "d/sub/", "d/sub/new");
    }

    @Test
    void whatAWhiteoutHidANextLayerMayBringAgain() throws IOException {
        assertThat(names(layer().file("a/b", ""), layer().file(".wh.a", ""), layer().file("a/c", "")))
                .containsExactly("a/", "a/c");
    }

    @Test
    void notesOfAufsAreNoFiles() throws IOException {
        assertThat(names(layer().directory(".wh..wh.plnk")
                        .file(".wh..wh.plnk/12.34", "")
                        .file(".wh..wh.aufs", "")
                        .file("a", "")))
                .containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {".wh.", "a/.wh..", "a/.wh..."})
    void whiteoutOfNoPossibleName(String name) {
        assertThatThrownBy(() -> names(layer().file("a/b", "").file(name, "")))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("layer 1 of 1: entry \"" + name + "\": it hides no name");
    }

    @Test
    void inAPlainArchiveWhiteoutsAreFiles() throws IOException {
        Path root = Unpacked.tar(
                directory,
                layer().file("a", "")
                        .file(".wh.a", "")
                        .file("d/.wh..wh..opq", "")
                        .bytes());
        assertThat(Unpacked.names(root)).containsExactly(".wh.a", "a", "d/", "d/.wh..wh..opq");
    }

    @ParameterizedTest
    @ValueSource(strings = {"usr/lib", "/usr/lib", "./usr/../usr/lib", "../../../usr/lib", "/../usr/lib/", "usr/also"})
    void laterLayerWritesThroughALinkToADirectoryAsDockerDoes(String target) throws IOException {
        assertThat(names(
                        layer().directory("usr")
                                .directory("usr/lib")
                                .file("usr/lib/old", "")
                                .symlink("usr/also", "lib")
                                .symlink("lib", target),
                        layer().file("lib/new", "")
                                .file("lib/sub/deep", "")
                                .file("lib/.wh.old", "")
                                .hardLink("hard", "lib/new")))
                .containsExactly(
                        "hard",
                        "lib -> " + target,
                        "usr/",
                        "usr/also -> lib",
                        "usr/lib/",
                        "usr/lib/new",
                        "usr/lib/sub/",
                        "usr/lib/sub/deep");
    }

    @Test
    void linkToADirectoryThatComesLater() throws IOException {
        assertThat(names(layer().symlink("lib", "usr/lib").file("lib/x", "").directory("usr/lib")))
                .containsExactly("lib -> usr/lib", "usr/", "usr/lib/", "usr/lib/x");
    }

    @Test
    void everythingReplacesEverything() throws IOException {
        TarBytes lower = layer();
        TarBytes upper = layer();
        String[] kinds = {"file", "tree", "link", "hard"};
        lower.file("target", "").directory("dir");
        for (String from : kinds) {
            for (String to : kinds) {
                add(lower, from, from + "-" + to);
                add(upper, to, from + "-" + to);
            }
        }
        List<String> names = names(lower, upper);
        for (String from : kinds) {
            assertThat(names)
                    .contains(
                            from + "-file", from + "-tree/", from + "-tree/in", from + "-link -> dir", from + "-hard");
        }
        assertThat(directory.resolve("root/dir")).isEmptyDirectory();
        assertThat(directory.resolve("root/target")).isEmptyFile();
        assertThat(Files.getAttribute(directory.resolve("root/target"), "unix:nlink"))
                .isEqualTo(5);
    }

    private static void add(TarBytes layer, String kind, String name) {
        switch (kind) {
            case "file" -> layer.file(name, "contents");
            case "tree" -> layer.directory(name).file(name + "/in", "");
            case "link" -> layer.symlink(name, "dir");
            default -> layer.hardLink(name, "target");
        }
    }

    @Test
    void lastOfSeveralEntriesOfOneNameStays() throws IOException {
        Path root = Unpacked.layers(
                directory,
                layer().file("a", "first")
                        .directory("a")
                        .file("a/b", "")
                        .file("a", "last")
                        .bytes());
        assertThat(root.resolve("a")).hasContent("last");
    }

    @Test
    void hardLinks() throws IOException {
        assertThat(names(
                        layer().file("a", "x").symlink("s", "a"),
                        layer().hardLink("b", "a")
                                .hardLink("c", "/b")
                                .hardLink("t", "s")
                                .hardLink("a", "./a")
                                .hardLink("c", "a")))
                .containsExactly("a", "b", "c", "s -> a same as s (2)", "t -> a same as s (2)");
        assertThat(Files.getAttribute(directory.resolve("root/a"), "unix:nlink"))
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "no/where", "dir", "/", "dir/over"})
    void hardLinkToWhatIsNoFile(String target) {
        assertThatThrownBy(() ->
                        names(layer().directory("dir").file("dir/over", "").hardLink("dir", target)))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("entry \"dir\": it is a hard link to ");
    }

    @Test
    void directoryBroughtAgainHasJustWhatItsLastEntrySays() throws IOException {
        Path root = Unpacked.layers(
                directory,
                layer().pax("SCHILY.xattr.user.a", "1", "SCHILY.acl.default", "user::rwx,group::r-x,other::r-x")
                        .directory("d")
                        .bytes(),
                layer().pax("SCHILY.xattr.user.b", "2", "mtime", "77.5")
                        .header(new TarBytes.Header('5', "d", 0).mode(03711))
                        .bytes());
        assertThat(TreeListing.of(root).get("d")).isEqualTo("d 3711 0:0 at 77.5000000000");
        assertThat(TreeListing.of(root).get("attributes of d")).isEqualTo("user.b=0x32");
    }

    @Test
    void timesOfDirectoriesOutliveWhatHappensInThem() throws IOException {
        Path root = Unpacked.layers(
                directory,
                layer().pax("mtime", "1.25")
                        .directory("d")
                        .file("d/a", "")
                        .file("d/b", "")
                        .bytes(),
                layer().file("d/.wh.a", "")
                        .file("d/c", "")
                        .file("taken/for/granted", "")
                        .bytes());
        assertThat(TreeListing.of(root).get("d")).isEqualTo("d 755 0:0 at 1.2500000000");
        assertThat(TreeListing.of(root).get("taken/for")).isEqualTo("d 755 0:0 at 1500000000.0000000000");
        assertThat(TreeListing.of(root).get("")).isEqualTo("d 755 0:0 at 1.2500000000");
    }

    @Test
    void filesInADirectoryWithADefaultAclDoNotInheritIt() throws IOException {
        Path root = Unpacked.layers(
                directory,
                layer().pax("SCHILY.acl.default", "user::rwx,user:5:rwx,group::r-x,mask::rwx,other::r-x")
                        .directory("d")
                        .file("d/f", "")
                        .directory("d/g")
                        .bytes());
        assertThat(TreeListing.of(root))
                .containsKey("attributes of d")
                .doesNotContainKeys("attributes of d/f", "attributes of d/g");
    }

    @Test
    void whatOverlayfsWouldTakeAsOrdersIsLeftOutWithANote() throws IOException {
        List<String> progress = new ArrayList<>();
        byte[] layer = layer().pax("SCHILY.xattr.trusted.overlay.redirect", "/etc")
                .directory("d")
                .header(new TarBytes.Header('3', "gone", 0).octal(329, 8, 0).octal(337, 8, 0))
                .bytes();
        Path root = Unpacked.layers(directory, UnpackLimits.DEFAULT, progress::add, layer);
        assertThat(Unpacked.names(root)).containsExactly("d/");
        assertThat(TreeListing.of(root)).doesNotContainKey("attributes of d");
        assertThat(progress)
                .contains("left out device files 0:0, which overlayfs takes for deleted files: \"gone\"")
                .anyMatch(line -> line.contains("\"trusted.overlay.redirect\"") && line.endsWith(": \"d\""));
    }

    @Test
    void damagedLayersAreNoticed() throws IOException {
        byte[] layer = layer().file("a", "contents").bytes();
        Path layout = OciImages.of(directory.resolve("layout"), Packing.PLAIN, List.of(), layer);
        Path blob = layout.resolve("blobs/sha256/" + Digest.sha256(layer).hex());
        layer[600]++;
        Files.write(blob, layer);
        assertThatThrownBy(() -> unpack(layout))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("layer 1 of 1")
                .hasMessageContaining("is damaged: its digest is sha256:")
                .hasMessageContaining("fetch or make the image again");
        Files.delete(blob);
        assertThatThrownBy(() -> unpack(layout)).hasMessageContaining("layer 1 of 1: there is no file blobs/sha256/");
    }

    @Test
    void dockerArchiveWithASwappedLayerIsNoticed() throws IOException {
        byte[] good = layer().file("a", "good").bytes();
        Path layout = OciImages.of(directory.resolve("layout"), Packing.PLAIN, List.of(), good);
        Path saved = Files.createDirectory(directory.resolve("saved"));
        Tools.run(
                directory,
                "skopeo",
                "--insecure-policy",
                "copy",
                "-q",
                "oci:" + layout + ":latest",
                "docker-archive:saved.tar");
        Tools.run(saved, "tar", "-xf", "../saved.tar");
        Files.write(
                saved.resolve(Digest.sha256(good).hex() + ".tar"),
                layer().file("a", "evil").bytes());
        Tools.run(saved, "tar", "-cf", "../saved.tar", ".");
        Path root = Files.createDirectory(directory.resolve("root"));
        Image image = ImageSources.of(
                        List.of("b=docker-archive:" + directory + "/saved.tar"),
                        DigestMemory.none(),
                        UnpackLimits.DEFAULT)
                .open("b");
        assertThatThrownBy(() -> image.unpack(root, Progress.of(line -> {}))).hasMessageContaining("is damaged");
    }

    private void unpack(Path layout) throws IOException {
        Path root = Files.createTempDirectory(directory, "root");
        ImageSources.of(List.of("b=oci:" + layout), DigestMemory.none(), UnpackLimits.DEFAULT)
                .open("b")
                .unpack(root, Progress.of(line -> {}));
    }
}
