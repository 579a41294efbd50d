package io.jenkins.plugins.obuilder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.image.OciImages.Packing;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which image a name means, and what is known of it before anything is unpacked. Needs no root. */
class ImageSourcesTest {
    private static final byte[] LAYER = new TarBytes().file("hello", "world").bytes();
    private static final List<String> ENV = List.of("PATH=/bin", "GREETING=h\u00e4llo=x");

    @TempDir
    Path directory;

    private Path layout;

    @BeforeEach
    void makeLayout() throws IOException {
        layout = OciImages.of(directory.resolve("layout"), Packing.GZIP, ENV, LAYER);
    }

    private static Image open(String mapping) throws IOException {
        return ImageSources.of(List.of("base=" + mapping), DigestMemory.none(), UnpackLimits.DEFAULT)
                .open("base");
    }

    private static void assertRefused(String mapping, String... expected) {
        assertThatThrownBy(() -> open(mapping))
                .isInstanceOf(ImageException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(expected));
    }

    @Test
    void nameWithoutImageSaysWhichThereAreAndHowToGiveOne() throws IOException {
        ImageSources sources =
                ImageSources.of(List.of("debian:12=oci:" + layout), DigestMemory.none(), UnpackLimits.DEFAULT);
        assertThatThrownBy(() -> sources.open("debian:13"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("(from debian:13)")
                .hasMessageContaining("Did you mean \"debian:12\"?")
                .hasMessageContaining("--image debian:13=SOURCE")
                .hasMessageContaining("docker-archive:PATH[:NAME:TAG]");
    }

    @Test
    void mappingsAreCheckedBeforeAnythingIsOpened() {
        assertRefused("ocy:/x", "no known prefix", "Did you mean \"oci\"?");
        assertRefused("nothing", "no known prefix", "dir:PATH");
        assertThatThrownBy(() -> ImageSources.of(List.of("nothing"), DigestMemory.none(), UnpackLimits.DEFAULT))
                .hasMessageContaining("NAME=SOURCE");
        assertThatThrownBy(() ->
                        ImageSources.of(List.of("a=dir:/", "a=dir:/tmp"), DigestMemory.none(), UnpackLimits.DEFAULT))
                .hasMessageContaining("given twice");
    }

    @Test
    void sourceWithoutPrefixIsRecognised() throws IOException {
        Path archive = Files.write(directory.resolve("x.tar"), LAYER);
        assertRefused(archive.toString(), "it looks like tar:" + archive);
        assertRefused(layout.toString(), "it looks like oci:" + layout);
        assertRefused(directory.toString(), "it looks like dir:" + directory);
        assertRefused("/nowhere", "there is nothing there");
    }

    @Test
    void pathsThatAreNotWhatTheirPrefixSays() throws IOException {
        Path archive = Files.write(directory.resolve("x.tar"), LAYER);
        assertRefused("tar:" + directory, "dir:" + directory);
        assertRefused("dir:" + archive, "tar:" + archive);
        assertRefused("oci:" + archive, "no OCI layout", "tar:PATH");
        assertRefused("docker-archive:" + archive, "manifest.json", "tar:PATH");
        assertRefused("tar:/nowhere", "there is no /nowhere", "tar:PATH");
        assertRefused("tar:", "path is missing");
    }

    @Test
    void ociLayoutTellsIdentityAndEnvironment() throws IOException {
        Image image = open("oci:" + layout);
        assertThat(image.identity()).matches("sha256:[0-9a-f]{64}");
        assertThat(image.env())
                .containsExactly(
                        new EnvVar("PATH", "/bin"), new EnvVar("GREETING", "h\u00c3\u00a4llo=x")); // UTF-8 as bytes
        assertThat(open("oci:" + layout + ":latest").identity()).isEqualTo(image.identity());
        assertRefused("oci:" + layout + ":older", "no tag \"older\"", "latest");
    }

    @Test
    void tagIsFoundBehindAPathWithColons() throws IOException {
        Path odd = OciImages.of(directory.resolve("a:b"), Packing.PLAIN, ENV, LAYER);
        assertThat(open("oci:" + odd + ":latest").env()).hasSize(2);
        assertThat(open("oci:" + odd).env()).hasSize(2);
    }

    @Test
    void severalImagesNeedAChoice() throws IOException {
        OciImages images = new OciImages(layout);
        Map<String, Object> image = images.image(Platform.here(), Packing.PLAIN, ENV, LAYER);
        images.index(List.of(images.tagged("one", image), images.tagged("two", image)));
        assertRefused("oci:" + layout, "several images", "one, two");
        assertThat(open("oci:" + layout + ":two").env()).hasSize(2);
    }

    @Test
    void imageForThisMachineIsChosenAmongSeveral() throws IOException {
        OciImages images = new OciImages(layout);
        Map<String, Object> mine = images.image(Platform.here(), Packing.PLAIN, List.of("MINE=1"), LAYER);
        Map<String, Object> other = images.image(new Platform("linux", "z80", ""), Packing.PLAIN, ENV, LAYER);
        images.index(List.of(images.tagged("multi", images.nested(List.of(other, mine)))));
        assertThat(open("oci:" + layout).env()).containsExactly(new EnvVar("MINE", "1"));
        images.index(List.of(images.nested(List.of(other, other))));
        assertRefused("oci:" + layout, "no image for " + Platform.here(), "linux/z80");
    }

    @Test
    void damagedBlobsAreNamed() throws IOException {
        Path config = layout.resolve(
                "blobs/sha256/" + open("oci:" + layout).identity().substring(7));
        Files.writeString(config, "{}");
        assertRefused("oci:" + layout, "blobs/sha256/", "is damaged");
        Files.delete(config);
        assertRefused("oci:" + layout, "there is no file blobs/sha256/");
        Files.writeString(layout.resolve("index.json"), "{\"manifests\": 3}");
        assertRefused("oci:" + layout, "index.json: manifests is no JSON list");
        Files.writeString(layout.resolve("index.json"), "{");
        assertRefused("oci:" + layout, "index.json is not JSON");
    }

    @Test
    void digestsThatAreFileNamesElsewhereAreRefused() throws IOException {
        Files.writeString(
                layout.resolve("index.json"), "{\"manifests\":[{\"digest\":\"sha256:../../../etc/passwd\"}]}");
        assertRefused("oci:" + layout, "neither sha256 nor sha512");
    }

    @Test
    void skopeosDockerArchiveAndOciArchiveArePlainAndCompressed() throws IOException {
        skopeo("docker-archive:" + directory.resolve("saved.tar") + ":busybox:1.0");
        skopeo("oci-archive:" + directory.resolve("oci.tar") + ":latest");
        Tools.run(directory, "gzip", "-k", "saved.tar", "oci.tar");
        for (String suffix : List.of("", ".gz")) {
            Image saved = open("docker-archive:" + directory + "/saved.tar" + suffix + ":busybox:1.0");
            assertThat(saved.env()).isEqualTo(open("oci:" + layout).env());
            assertThat(open("docker-archive:" + directory + "/saved.tar" + suffix + ":docker.io/library/busybox:1.0")
                            .identity())
                    .isEqualTo(saved.identity());
            assertThat(open("oci:" + directory + "/oci.tar" + suffix).identity())
                    .isEqualTo(open("oci:" + layout).identity());
        }
        assertRefused("docker-archive:" + directory + "/saved.tar:busybox:2", "no image busybox:2", "busybox:1.0");
        assertRefused(directory + "/saved.tar", "it looks like docker-archive:");
    }

    private void skopeo(String target) throws IOException {
        Tools.run(directory, "skopeo", "--insecure-policy", "copy", "--quiet", "oci:" + layout + ":latest", target);
    }

    @Test
    void identityOfAnArchiveIsItsDigestAndIsRememberedUntilItChanges() throws Exception {
        Path archive = Files.write(directory.resolve("x.tar"), LAYER);
        Files.setLastModifiedTime(archive, java.nio.file.attribute.FileTime.fromMillis(0));
        Path memory = directory.resolve("memory");
        ImageSources sources =
                ImageSources.of(List.of("base=tar:" + archive), DigestMemory.in(memory), UnpackLimits.DEFAULT);
        assertThat(sources.open("base").identity())
                .isEqualTo(Digest.sha256(LAYER).toString());
        assertThat(memory).as("changed a moment ago, so not to be believed").doesNotExist();
        Thread.sleep(2100);
        assertThat(sources.open("base").identity())
                .isEqualTo(Digest.sha256(LAYER).toString());
        assertThat(memory).isNotEmptyDirectory();
        Path remembered = Files.list(memory).findFirst().orElseThrow();
        String other = "sha256:" + "0".repeat(64);
        Files.writeString(remembered, Files.readAllLines(remembered).get(0) + "\n" + other + "\n");
        assertThat(sources.open("base").identity()).as("not read again").isEqualTo(other);
        byte[] changed = LAYER.clone();
        changed[600] = 'W';
        Files.write(archive, changed);
        Files.setLastModifiedTime(archive, java.nio.file.attribute.FileTime.fromMillis(0));
        assertThat(sources.open("base").identity())
                .isEqualTo(Digest.sha256(changed).toString());
    }
}
