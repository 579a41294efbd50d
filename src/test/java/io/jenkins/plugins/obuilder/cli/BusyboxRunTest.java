package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import io.jenkins.plugins.obuilder.testing.TreeListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Really built on a static BusyBox, out of every kind of source, and on images that have less than that: {@code copy} writes files and
 * directories without any help from the image.
 */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.BUSYBOX_STATIC, Need.OVERLAYFS, Need.RSYNC})
class BusyboxRunTest {
    @TempDir
    static Path shared;

    private static Path busybox;

    @TempDir
    Path directory;

    private Workbench bench;

    /** One tree in three forms; of whole seconds, as its archives keep no more. */
    @BeforeAll
    static void makeBases() throws IOException {
        busybox = BusyboxTree.make(shared.resolve("busybox"));
        Tools.script(
                shared,
                "find busybox -exec touch -h -d @1700000000 {} +; busybox tar -cf busybox.tar -C busybox .;"
                        + " mkdir docker; cp busybox.tar docker/layer.tar");
        String digest = Tools.run(shared, "sha256sum", "busybox.tar").substring(0, 64);
        Files.write(
                shared.resolve("docker/config.json"),
                JSON.std.asBytes(Map.of(
                        "os",
                        "linux",
                        "architecture",
                        System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64",
                        "config",
                        Map.of("Env", List.of("PATH=/bin:/usr/bin", "FROM_IMAGE=yes")),
                        "rootfs",
                        Map.of("type", "layers", "diff_ids", List.of("sha256:" + digest)))));
        Files.write(
                shared.resolve("docker/manifest.json"),
                JSON.std.asBytes(List.of(Map.of(
                        "Config",
                        "config.json",
                        "RepoTags",
                        List.of("busybox:latest"),
                        "Layers",
                        List.of("layer.tar")))));
        Tools.run(shared, "busybox", "tar", "-cf", "busybox-docker.tar", "-C", "docker", ".");
    }

    @BeforeEach
    void makeContext() throws IOException {
        bench = new Workbench(directory, "overlayfs");
        Tools.script(
                bench.context,
                "mkdir -p tree/sub/deep tree/empty; echo text > tree/sub/deep/file; ln -s sub/deep tree/link;"
                        + " printf '#!/bin/sh\\necho tool\\n' > tool; chmod 755 tool;"
                        + " find . -exec touch -h -d @1600000000 {} +");
    }

    private static String image(String source) {
        return "busybox="
                + switch (source) {
                    case "dir" -> "dir:" + shared.resolve("busybox");
                    case "tar" -> "tar:" + shared.resolve("busybox.tar");
                    default -> "docker-archive:" + shared.resolve("busybox-docker.tar");
                };
    }

    private static String spec(String... ops) {
        return "((from busybox) (shell /bin/sh -c)\n" + String.join("\n", ops) + ")";
    }

    @ParameterizedTest
    @ValueSource(strings = {"dir", "tar", "docker-archive"})
    void filesAndDirectoriesAreCopiedIntoIt(String source) throws IOException {
        bench.mustBuild(
                spec(
                        "(run (shell \"tar --version; echo ${FROM_IMAGE-no}\"))",
                        "(copy (src tree tool) (dst /srv/))",
                        "(copy (src tree) (dst /opt/renamed))",
                        "(copy (src tool) (dst /bin/new))",
                        "(run (shell \"cat /srv/tree/link/file; /srv/tool; new; diff -r /srv/tree /opt/renamed && rm -r /opt\"))"),
                "--image",
                image(source));

        assertThat(bench.out())
                .contains("\ntar (busybox) ")
                .contains("\n" + (source.equals("docker-archive") ? "yes" : "no") + "\n--->")
                .contains("\ntext\ntool\ntool\n--->");
        bench.inspect(rootfs -> {
            SortedMap<String, String> found = TreeListing.of(rootfs);
            assertThat(found)
                    .containsEntry("srv/tree/empty", "d 755 0:0 at 1600000000.0000000000")
                    .containsEntry("srv/tree/sub/deep", "d 755 0:0 at 1600000000.0000000000")
                    .containsEntry("srv/tree/link", "l 777 0:0 at 1600000000.0000000000 -> sub/deep")
                    .doesNotContainKey("opt/renamed");
            assertThat(found.get("srv/tool")).startsWith("f 755 0:0 at 1600000000.0000000000 ");
            assertThat(found.get("srv/tree/sub/deep/file")).startsWith("f 644 0:0 at 1600000000.0000000000 ");
            assertThat(found.tailMap("bin/").headMap("bin/new"))
                    .isEqualTo(TreeListing.of(busybox).tailMap("bin/").headMap("bin/new"));
        });
        assertThat(bench.build(Files.readString(directory.resolve("a.spec")), "--image", image(source)))
                .isZero();
        assertThat(bench.hits()).isEqualTo(6);
    }

    @Test
    void theImageNeedsNoTar() throws IOException {
        Path bare = BusyboxTree.make(directory.resolve("bare"));
        Files.delete(bare.resolve("bin/tar"));

        bench.mustBuild(
                spec(
                        "(copy (src tree tool) (dst /srv/))",
                        "(run (shell \"tar 2>/dev/null || echo no tar; find /srv -type f | sort; cat /srv/tree/link/file\"))"),
                "--image",
                "busybox=dir:" + bare);

        assertThat(bench.out()).contains("\nno tar\n/srv/tool\n/srv/tree/sub/deep/file\ntext\n--->");
    }

    @Test
    void theImageNeedsNothingAtAll() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));

        bench.mustBuild(
                "((build data ((from scratch) (user (uid 12) (gid 34)) (copy (src tree) (dst /a/b/)) (copy (src .) (dst /))))\n"
                        + spec(
                                        "(copy (from (build data)) (src a tool) (dst /got/))",
                                        "(run (shell \"cat /got/a/b/tree/link/file; /got/tool\"))")
                                .substring(1),
                "--image",
                image("dir"),
                "--image",
                "scratch=dir:" + empty);

        assertThat(bench.out()).contains("\ntext\ntool\n--->");
        assertThat(empty).isEmptyDirectory();
    }
}
