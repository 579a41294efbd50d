package io.jenkins.plugins.obuilder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.image.OciImages.Packing;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import io.jenkins.plugins.obuilder.testing.TreeListing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A tree with one of everything, through every source, against the tree itself and against what GNU tar makes of it. */
@Needs({Need.PRIVATE_ROOT, Need.BUSYBOX_STATIC})
class UnpackTest {
    private static final String XATTRS = "--xattrs --xattrs-include=* --acls --numeric-owner";

    @TempDir
    Path directory;

    private Path tree;
    private Path unpacked;
    private final List<String> progress = new ArrayList<>();

    @BeforeEach
    void makeTree() throws IOException {
        tree = Files.createDirectory(directory.resolve("tree"));
        unpacked = Files.createDirectory(directory.resolve("unpacked"));
        SampleTree.make(tree);
    }

    private void unpack(String source) throws IOException {
        ImageSources.of(List.of("base=" + source), DigestMemory.none(), UnpackLimits.DEFAULT)
                .open("base")
                .unpack(unpacked, Progress.of(progress::add));
    }

    private Path tar(String options) throws IOException {
        Path archive = directory.resolve("tree.tar");
        Tools.run(tree, ("tar " + options + " -cf " + archive + " .").split(" "));
        return archive;
    }

    private void assertUnpackedAsTheTree() throws IOException {
        assertThat(TreeListing.of(unpacked)).isEqualTo(TreeListing.of(tree));
        assertThat(progress).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0", "0.1", "1.0"})
    void paxArchiveWithEveryFormOfHoles(String sparse) throws IOException {
        unpack("tar:" + tar("--format=posix --sparse --sparse-version=" + sparse + " " + XATTRS));
        assertUnpackedAsTheTree();
        assertHolesKept();
    }

    private void assertHolesKept() throws IOException {
        for (String file : List.of("sparse", "holes-only")) {
            assertThat(Long.parseLong(Tools.run(unpacked, "stat", "-c%b", file).strip()))
                    .as(file)
                    .isLessThan(100);
        }
    }

    @Test
    void gnuArchiveIsUnpackedAsGnuTarDoes() throws IOException {
        Path archive = tar("--format=gnu --sparse --numeric-owner");
        unpack("tar:" + archive);
        Path expected = Files.createDirectory(directory.resolve("expected"));
        Tools.run(expected, "tar", "-xpf", archive.toString(), "--numeric-owner", "--delay-directory-restore");
        assertThat(TreeListing.of(unpacked)).isEqualTo(TreeListing.of(expected));
        assertHolesKept();
    }

    @ParameterizedTest
    @CsvSource({"gzip,gz", "xz,xz", "zstd,zst", "bzip2,bz2"})
    void compressedArchive(String tool, String suffix) throws IOException {
        Path archive = tar("--format=posix " + XATTRS);
        Tools.run(directory, tool, "-q", archive.toString());
        unpack("tar:" + archive + "." + suffix);
        assertUnpackedAsTheTree();
    }

    @Test
    void directory() throws IOException {
        unpack("dir:" + tree);
        assertUnpackedAsTheTree();
        assertHolesKept();
    }

    @Test
    void directoryWithAMountAndASocketInIt() throws IOException {
        Tools.run(
                tree,
                "perl",
                "-MSocket",
                "-e",
                "socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un('socket')) or die");
        Tools.run(tree, "mount", "-t", "tmpfs", "tmpfs", "empty");
        try {
            Files.createFile(tree.resolve("empty/file"));
            unpack("dir:" + tree);
        } finally {
            Tools.run(tree, "umount", "empty");
        }
        assertThat(unpacked.resolve("empty")).isEmptyDirectory();
        assertThat(unpacked.resolve("socket")).doesNotExist();
        assertThat(progress)
                .anyMatch(line -> line.equals("left out sockets: \"socket\""))
                .anyMatch(line -> line.contains("another file system is mounted there: \"empty\""));
    }

    @ParameterizedTest
    @CsvSource({"PLAIN", "GZIP", "ZSTD"})
    void ociLayout(Packing packing) throws IOException {
        unpackLayers(packing);
        assertThat(TreeListing.of(unpacked)).isEqualTo(TreeListing.of(tree));
    }

    private void unpackLayers(Packing packing) throws IOException {
        // .wh. means something in a layer
        Tools.run(tree, "mv", ".wh.not-a-whiteout", "not-a-whiteout");
        Tools.run(tree, "touch", "-d", "@1500000000.987654321", ".");
        Path archive = tar("--format=posix --sparse " + XATTRS);
        unpack("oci:" + OciImages.of(directory.resolve("layout"), packing, List.of(), Files.readAllBytes(archive)));
    }

    @Test
    void whatSkopeoMadeOfTheLayout() throws IOException {
        unpackLayers(Packing.GZIP);
        Path first = unpacked;
        for (String target : List.of(
                "docker-archive:" + directory + "/saved.tar:base:1", "oci-archive:" + directory + "/oci.tar:x")) {
            Tools.run(
                    directory,
                    "skopeo",
                    "--insecure-policy",
                    "copy",
                    "-q",
                    "oci:" + directory + "/layout:latest",
                    target);
            unpacked = Files.createDirectory(directory.resolve("again-" + target.substring(0, 3)));
            unpack(target.replaceFirst("^oci-archive", "oci"));
            assertThat(TreeListing.of(unpacked)).isEqualTo(TreeListing.of(first));
        }
    }

    @Test
    void leftOversOfTheEmptyDirectoryDoNotShow() throws IOException {
        Tools.script(unpacked, "chmod 700 .; chown 5:6 .; setfattr -n user.left -v over .; setfacl -d -m u:9:r .");
        unpack("tar:" + tar("--format=posix " + XATTRS));
        assertUnpackedAsTheTree();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tar", "oci", "dir"})
    void whatNobodyWantsAnyMoreIsNotUnpacked(String kind) throws IOException {
        String source = switch (kind) {
            case "tar" -> "tar:" + tar(XATTRS);
            case "oci" ->
                "oci:"
                        + OciImages.of(
                                directory.resolve("layout"), Packing.GZIP, List.of(), Files.readAllBytes(tar(XATTRS)));
            default -> "dir:" + tree;
        };
        Cancellation cancellation = new Cancellation();
        // Cancelled by the line that tells it is begun, so in its midst.
        Progress stopped = new Progress(line -> cancellation.cancel("nobody wants it"), cancellation);
        Image image = ImageSources.of(List.of("base=" + source), DigestMemory.none(), UnpackLimits.DEFAULT)
                .open("base");

        assertThatThrownBy(() -> image.unpack(unpacked, stopped))
                .isInstanceOf(Sandbox.CancelledException.class)
                .hasMessageContaining("nobody wants it");
        assertThat(unpacked).isEmptyDirectory();
    }

    @Test
    void anArchiveWhoseDigestWasAskedForIsUnpackedOnlyIfItHasIt() throws IOException {
        byte[] archive = Files.readAllBytes(tar(XATTRS));
        Digest digest = Digest.sha256(archive);
        TarImage right = new TarImage("x", () -> digest, () -> new ByteArrayInputStream(archive), UnpackLimits.DEFAULT);
        assertThat(right.identity()).isEqualTo(digest.toString());
        right.unpack(unpacked, Progress.of(progress::add));
        assertUnpackedAsTheTree();

        byte[] other = archive.clone();
        other[other.length - 1] = 1;
        TarImage wrong = new TarImage("x", () -> digest, () -> new ByteArrayInputStream(other), UnpackLimits.DEFAULT);
        wrong.identity();
        Path second = Files.createDirectory(directory.resolve("second"));
        assertThatThrownBy(() -> wrong.unpack(second, Progress.of(progress::add)))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("x is damaged: its digest is sha256:");
    }
}
