package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.testing.Conformance;
import io.jenkins.plugins.obuilder.testing.DebianTree;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import io.jenkins.plugins.obuilder.testing.TreeListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Really built on a Debian 12 out of debootstrap: one store for all, so that it is unpacked once. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.OVERLAYFS, Need.DEBOOTSTRAP})
class DebianRunTest {
    @TempDir
    static Path shared;

    @TempDir
    Path directory;

    private static Workbench bench;

    @BeforeAll
    static void makeBase() throws IOException {
        bench = new Workbench(shared, "overlayfs")
                .with("--base-identity", "name", "--image", "debian:12=dir:" + DebianTree.get());
    }

    static Stream<Conformance> cases() throws IOException {
        return Conformance.cases().filter(vector -> vector.base().equals("debian:12"));
    }

    /** All of the output but for what was cached: that hangs on the order of the tests. */
    @ParameterizedTest
    @MethodSource("cases")
    void theOutputIsTheReferences(Conformance vector) throws IOException {
        Workbench other = bench.inContext(directory);
        vector.unpackContext(directory);

        String out = other.mustBuild(Bytes.of(vector.spec()));

        assertThat(asSaved(out)).isEqualTo(vector.log());
        assertThat(other.ids())
                .isEqualTo(vector.ids().stream().map(SnapshotId::hex).toList());
    }

    private static String asSaved(String log) {
        return log.replaceAll("(?m)^---> using (.*) from cache$", "---> saved as $1");
    }

    @Test
    void theDefaultShellAndThePackageManagerWork() throws IOException {
        Workbench other = bench.inContext(directory);
        Tools.script(directory, "mkdir -p dir/sub; echo text > dir/sub/file");

        other.mustBuild("((from debian:12)\n"
                + "(run (shell \"a=(x y); echo ${a[1]} ${BASH_VERSION%%.*}; id -un; dpkg --verify | wc -l\"))\n"
                + "(run (shell \"useradd -m builder && dpkg-divert --add /bin/odd > /dev/null && stat -c %U /home/builder\"))\n"
                + "(user (uid 1000) (gid 1000)) (workdir /home/builder) (copy (src dir) (dst ./))\n"
                + "(run (shell \"tar -cf - dir | tar -tf -; stat -c %U dir/sub/file; whoami\")))");

        assertThat(other.out())
                .contains("\ny 5\nroot\n0\n--->")
                .contains("\nbuilder\n--->")
                .contains("\ndir/\ndir/sub/\ndir/sub/file\nbuilder\nbuilder\n--->");
    }

    @Test
    void theSnapshotIsTheTree() throws IOException {
        Workbench other = bench.inContext(Files.createDirectory(directory.resolve("context")));
        other.mustBuild("((from debian:12))");

        other.inspect(rootfs -> assertThat(TreeListing.of(rootfs)).isEqualTo(TreeListing.of(DebianTree.get())));
    }
}
