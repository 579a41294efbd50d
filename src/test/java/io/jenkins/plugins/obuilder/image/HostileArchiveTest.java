package io.jenkins.plugins.obuilder.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.TreeListing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an archive says, nothing outside the root is touched. */
@Needs(Need.PRIVATE_ROOT)
class HostileArchiveTest {
    @TempDir
    Path directory;

    private Path outside;
    private SortedMap<String, String> before;

    @BeforeEach
    void makeSomethingToHarm() throws IOException {
        outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("victim"), "unharmed");
        before = TreeListing.of(outside);
    }

    @AfterEach
    void nothingOutsideWasTouched() throws IOException {
        assertThat(TreeListing.of(outside)).isEqualTo(before);
    }

    private Path unpack(TarBytes... layers) throws IOException {
        byte[][] bytes = new byte[layers.length][];
        for (int i = 0; i < layers.length; i++) {
            bytes[i] = layers[i].bytes();
        }
        return Unpacked.layers(directory, bytes);
    }

    private void assertRefused(String expected, TarBytes... layers) {
        assertThatThrownBy(() -> unpack(layers))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside/victim", "a/../../outside/victim", "..", "/../outside/victim", "./.."})
    void namesThatClimb(String name) {
        assertRefused("a part \"..\"", new TarBytes().file(name, "harmed"));
        assertRefused("a part \"..\"", new TarBytes().pax("path", name).file("x", "harmed"));
        assertRefused("a part \"..\"", new TarBytes().hardLink("x", name));
    }

    @Test
    void absoluteNamesBeginAtTheRoot() throws IOException {
        Path root = unpack(new TarBytes().file(outside + "/victim", "inside").file("//etc//x", ""));
        assertThat(Path.of(root + outside.toString() + "/victim")).hasContent("inside");
        assertThat(root.resolve("etc/x")).exists();
    }

    @Test
    void linksOutOfTheRootLeadIntoIt() throws IOException {
        Path root = unpack(
                new TarBytes()
                        .symlink("up", "../../../outside")
                        .symlink("abs", outside.toString())
                        .symlink("self", "/proc/self/cwd"),
                new TarBytes()
                        .file("up/victim", "in")
                        .file("abs/victim", "in")
                        .file("self/x", "in")
                        .file("up/.wh.other", ""));
        assertThat(root.resolve("outside/victim")).hasContent("in");
        assertThat(Path.of(root + outside.toString() + "/victim")).hasContent("in");
        assertThat(root.resolve("proc/self/cwd/x")).hasContent("in");
    }

    @Test
    void fileThatReplacesALinkIsNotWrittenThroughIt() throws IOException {
        Path root = unpack(new TarBytes()
                .symlink("x", outside + "/victim")
                .file("x", "new")
                .symlink("y", outside.toString())
                .directory("y"));
        assertThat(root.resolve("x")).isRegularFile().hasContent("new");
        assertThat(Files.isSymbolicLink(root.resolve("y"))).isFalse();
        assertThat(root.resolve("y")).isEmptyDirectory();
    }

    @Test
    void fileThatReplacesAHardLinkDoesNotChangeTheOther() throws IOException {
        Path root = unpack(new TarBytes().file("a", "first").hardLink("b", "a").file("b", "second"));
        assertThat(root.resolve("a")).hasContent("first");
    }

    @Test
    void hardLinkToALinkOutsideIsAnotherNameOfTheLink() throws IOException {
        Path root = unpack(new TarBytes()
                .symlink("x", outside + "/victim")
                .hardLink("y", "x")
                .file("y", "new"));
        assertThat(root.resolve("y")).isRegularFile().hasContent("new");
    }

    @Test
    void hardLinkThroughALinkOutside() {
        assertRefused(
                "not in the image",
                new TarBytes().symlink("d", outside.toString()).hardLink("x", "d/victim"));
        assertRefused("not in the image", new TarBytes().hardLink("x", outside + "/victim"));
    }

    @Test
    void whiteoutThroughALinkOutside() throws IOException {
        unpack(
                new TarBytes().symlink("d", outside.toString()),
                new TarBytes().file("d/.wh.victim", "").file("d/.wh..wh..opq", ""));
    }

    @Test
    void linksInACircle() {
        assertRefused(
                "round in a circle",
                new TarBytes().symlink("a", "b").symlink("b", "a").file("a/x", ""));
        assertRefused(
                "round in a circle", new TarBytes().symlink("a", "a/a/a/a").file("a/x", ""));
    }

    @Test
    void linksThatMakeTheWayEndless() {
        TarBytes archive = new TarBytes().directory("d/d/d/d/d/d/d/d");
        for (int i = 0; i < 30; i++) {
            archive.pax("linkpath", "/l" + (i + 1) + "/../".repeat(20) + "d/d/d/d/d/d/../../../../../../".repeat(90))
                    .symlink("l" + i, "");
        }
        assertRefused("", archive.file("l0/x", ""));
    }

    @Test
    void parentThatIsAFileOrADevice() {
        assertRefused("is no directory", new TarBytes().file("a", "").file("a/b", ""));
        assertRefused(
                "is no directory",
                new TarBytes().header(new TarBytes.Header('6', "p", 0)).file("p/b", ""));
    }

    @Test
    void rootThatIsNoDirectory() {
        assertRefused("the root itself", new TarBytes().symlink("./", outside.toString()));
        assertRefused("the root itself", new TarBytes().file(".", "x"));
        assertRefused("the root itself", new TarBytes().hardLink(".", "x"));
    }

    @Test
    void namesThatCannotBe() {
        assertRefused("NUL", new TarBytes().pax("path", "a\0b").file("x", ""));
        assertRefused("255", new TarBytes().longName('L', "n".repeat(256)).file("x", ""));
        assertRefused("16384", new TarBytes().longName('L', "n/".repeat(9000)).file("x", ""));
        assertRefused(
                "directories deep",
                new TarBytes().longName('L', "n/".repeat(600)).file("x", ""));
        assertRefused("impossible", new TarBytes().symlink("x", ""));
        assertRefused("impossible", new TarBytes().pax("linkpath", "a\0b").symlink("x", "y"));
        assertRefused(
                "impossible", new TarBytes().longName('K', "n".repeat(5000)).symlink("x", "y"));
        assertRefused(
                "too long",
                new TarBytes().longName('K', "n".repeat(300)).symlink("x", "y").file("x/y", ""));
    }

    @Test
    void attributesThatTheSystemRefuses() {
        assertRefused(
                "is damaged",
                new TarBytes()
                        .pax("SCHILY.xattr.security.capability", "nonsense")
                        .file("x", ""));
        assertRefused(
                "is damaged",
                new TarBytes().pax("SCHILY.xattr.user." + "n".repeat(300), "v").file("x", ""));
        assertRefused(
                "is damaged",
                new TarBytes().pax("SCHILY.xattr.user.x", "v".repeat(70_000)).file("x", ""));
    }

    @Test
    void smallArchiveOfAHugeFile() throws IOException {
        UnpackLimits limits = new UnpackLimits(10, 1 << 20);
        byte[] holes = new TarBytes()
                .pax(
                        "GNU.sparse.major",
                        "0",
                        "GNU.sparse.minor",
                        "1",
                        "GNU.sparse.map",
                        "0,1",
                        "GNU.sparse.size",
                        "900000000000000000")
                .file("huge", "x")
                .bytes();
        assertThatThrownBy(() -> Unpacked.layers(directory, limits, line -> {}, holes))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("entry \"huge\": the image unpacks to more than 1048576 bytes");
        byte[] many = new TarBytes()
                .file("a", "x".repeat(600_000))
                .file("b", "x".repeat(600_000))
                .bytes();
        assertThatThrownBy(() -> Unpacked.layers(directory, limits, line -> {}, many))
                .hasMessageContaining("is the limit");
    }

    @Test
    void archiveOfTooManyEntries() {
        UnpackLimits limits = new UnpackLimits(10, 1 << 20);
        TarBytes archive = new TarBytes();
        for (int i = 0; i < 11; i++) {
            archive.file(".wh.x", "");
        }
        assertThatThrownBy(() -> Unpacked.layers(directory, limits, line -> {}, archive.bytes()))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("more than 10 entries");
    }

    @Test
    void zipBomb() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            byte[] pax = new TarBytes().pax('g', "comment", "c".repeat(100_000)).open();
            for (int i = 0; i < 200; i++) {
                gzip.write(pax);
            }
        }
        Path archive = Files.write(directory.resolve("bomb.tar.gz"), bomb.toByteArray());
        Path root = Files.createDirectory(directory.resolve("root"));
        assertThatThrownBy(() -> new TarImage(archive, DigestMemory.none(), new UnpackLimits(10, 10 << 20))
                        .unpack(root, Progress.of(line -> {})))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("more than 10485760 bytes");
    }

    @Test
    void whatIsCutOffOrNoArchiveIsTold() throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(whole)) {
            gzip.write(new TarBytes().file("a", "x".repeat(600_000)).bytes());
        }
        byte[] half = Arrays.copyOf(whole.toByteArray(), whole.size() / 2);
        assertThatThrownBy(() -> Unpacked.tar(directory, half))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("plain.tar: entry \"a\": the archive ends in its middle, so it was cut off");
        assertThatThrownBy(() -> Unpacked.tar(directory, "a spec, say".getBytes(UTF_8)))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("plain.tar: it is no tar archive, or was cut off: it has only 11 bytes");
    }

    @Test
    void messagesCannotFoolATerminal() {
        assertThatThrownBy(() -> unpack(new TarBytes().file("\u001b[2J../x/..", "")))
                .hasMessageContaining("entry \"\\u001b[2J../x/..\"");
    }
}
