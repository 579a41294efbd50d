package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import io.jenkins.plugins.obuilder.testing.TreeListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An image full of links that lead out of it, to the host's {@code /etc} and to a directory beside the store, really built on: nothing out
 * there is written, and nothing is read.
 */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.BUSYBOX_STATIC, Need.OVERLAYFS, Need.RSYNC})
class HostileImageRunTest {
    @TempDir
    Path directory;

    private Path image;
    private Path outside;
    private SortedMap<String, String> before;
    private SortedMap<String, String> etcBefore;

    @BeforeEach
    void makeImage() throws IOException {
        image = BusyboxTree.make(directory.resolve("image"));
        outside = Files.createDirectories(directory.resolve("outside/dir")).getParent();
        Files.writeString(outside.resolve("file"), "host");
        Tools.script(
                image,
                "ln -s /etc etc-link; ln -s ../../../../../../../../../etc climb; ln -s " + outside + " away; ln -s "
                        + outside
                        + "/file file-link; ln -s /etc/passwd passwd-link; ln -s " + outside + "/dir d; mkdir srv;"
                        + " ln -s ../../../../../../../../.." + outside + "/dir srv/d; echo image > etc/passwd");
        Path context = Files.createDirectories(directory.resolve("context"));
        Files.createDirectories(context.resolve("tree/d"));
        Files.writeString(context.resolve("tree/d/file"), "copied");
        Files.writeString(context.resolve("passwd"), "copied");
        Files.writeString(context.resolve("file"), "copied");
        before = TreeListing.of(outside);
        etcBefore = TreeListing.of(Path.of("/etc"));
    }

    @AfterEach
    void theHostIsUntouched() throws IOException {
        assertThat(TreeListing.of(outside)).isEqualTo(before);
        assertThat(TreeListing.of(Path.of("/etc"))).isEqualTo(etcBefore);
    }

    private Workbench bench(String store) throws IOException {
        return new Workbench(directory, store).with("--image", "hostile=dir:" + image);
    }

    private static String spec(String... ops) {
        return "((from hostile) (shell /bin/sh -c)\n" + String.join("\n", ops) + ")";
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlayfs", "rsync"})
    void aDestinationThroughLinksStaysBelowTheRoot(String store) throws IOException {
        Workbench bench = bench(store);
        bench.mustBuild(spec(
                "(copy (src passwd) (dst /etc-link/))",
                "(copy (src passwd) (dst /climb/shadow))",
                "(copy (src file) (dst /away/deep/file))",
                "(copy (src tree) (dst /away/))",
                "(run (shell \"cat /etc/passwd /etc/shadow " + "/away/deep/file /away/tree/d/file\"))"));

        assertThat(bench.out()).contains("\ncopiedcopiedcopiedcopied---> saved");
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlayfs", "rsync"})
    void aLinkInTheFilesPlaceIsReplaced(String store) throws IOException {
        Workbench bench = bench(store);
        // runc passes on what is printed as an error by itself, so it may come before what was printed earlier.
        bench.mustBuild(spec(
                "(copy (src file) (dst /file-link))",
                "(copy (src passwd) (dst /passwd-link))",
                "(run (shell \"cat /file-link /passwd-link; cat /etc/passwd; ls " + outside
                        + " 2> /dev/null || echo not there\"))"));

        assertThat(bench.out()).contains("\ncopiedcopiedimage\n").contains("not there\n--->");
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlayfs", "rsync"})
    void noDirectoryIsCopiedThroughALinkOfTheImages(String store) throws IOException {
        Workbench bench = bench(store);
        assertThat(bench.build(spec("(copy (src tree) (dst /srv))"))).isEqualTo(1);
        assertThat(bench.err()).contains("tree/d").contains("a symbolic link");

        assertThat(bench.build(spec(
                        "(run (shell \"rm /srv/d; ln -s " + outside + "/dir /srv/d\"))",
                        "(copy (src tree) (dst /srv))")))
                .isEqualTo(1);
        assertThat(bench.err()).contains("tree/d").contains("a symbolic link");
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlayfs", "rsync"})
    void nothingIsReadThroughLinksOfANestedBuild(String store) throws IOException {
        Workbench bench = bench(store);
        for (String source : new String[] {"away/file", "etc-link/hostname", "climb/hostname", "d"}) {
            int status = bench.build("((build evil ((from hostile)))\n"
                    + spec("(copy (from (build evil)) (src " + source + ") (dst /got))", "(run (shell \"cat /got\"))")
                            .substring(1));

            assertThat(status).as(source).isEqualTo(1);
            assertThat(bench.out()).doesNotContain("host\n", Files.readString(Path.of("/etc/hostname")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlayfs", "rsync"})
    void workdirsCachesAndSecretsStayBelowTheRoot(String store) throws IOException {
        Workbench bench = bench(store);
        Path value = Files.writeString(directory.resolve("value"), "hush");

        bench.mustBuild(
                spec(
                        "(workdir /away/work)",
                        "(run (cache (c (target /away/cache))) (secrets (s (target /climb/secret)))"
                                + " (shell \"pwd; echo x > /away/cache/x; cat /climb/secret; echo y > y\"))",
                        "(run (cache (c (target /away/cache))) (shell \"cat /away/cache/x " + outside + "/work/y\"))"),
                "--secret",
                "s:" + value);

        assertThat(bench.out()).contains("\n" + outside + "/work\nhush--->").contains("\nx\ny\n--->");
    }
}
