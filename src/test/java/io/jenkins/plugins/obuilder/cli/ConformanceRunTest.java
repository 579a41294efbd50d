package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.Conformance;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Builds every spec whose answers the reference gave, with runc, and compares the whole output with the reference's, byte for byte: ids,
 * headings, notes, what the commands print, the last line. Whatever a vector calls its base, here it is a BusyBox: an id hangs on the
 * base's name alone, and the vectors' commands print the same there.
 */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.BUSYBOX_STATIC})
class ConformanceRunTest {
    @TempDir
    static Path shared;

    private static Path busybox;

    @TempDir
    Path directory;

    @BeforeAll
    static void makeBase() throws IOException {
        busybox = BusyboxTree.make(shared.resolve("busybox"));
    }

    static Stream<Conformance> cases() throws IOException {
        return Conformance.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Needs(Need.OVERLAYFS)
    void onOverlayfs(Conformance vector) throws IOException {
        printsWhatTheReferencePrints("overlayfs", vector);
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Needs(Need.RSYNC)
    void onRsync(Conformance vector) throws IOException {
        printsWhatTheReferencePrints("rsync", vector);
    }

    private void printsWhatTheReferencePrints(String store, Conformance vector) throws IOException {
        Workbench bench = new Workbench(directory, store)
                .with("--base-identity", "name", "--image", vector.base() + "=dir:" + busybox)
                .with(secrets(vector).toArray());
        vector.unpackContext(bench.context);
        String spec = Bytes.of(vector.spec());

        String first = bench.mustBuild(spec);

        assertThat(first).isEqualTo(vector.log());
        assertThat(bench.ids()).isEqualTo(hex(vector.ids()));
        assertThat(bench.err()).isEmpty();

        String second = bench.mustBuild(spec);

        assertThat(second).as("cached").isEqualTo(asFromCache(vector.log()));
        bench.assertNothingTemporary();
    }

    private static List<Object> secrets(Conformance vector) throws IOException {
        List<Object> options = new ArrayList<>();
        for (String id : vector.secrets().keySet()) {
            options.add("--secret");
            options.add(id + ":" + vector.directory().resolve("secrets").resolve(id));
        }
        return options;
    }

    private static List<String> hex(List<SnapshotId> ids) {
        return ids.stream().map(SnapshotId::hex).toList();
    }

    private static String asFromCache(String log) {
        return log.replaceAll("(?m)^---> saved as (.*)$", "---> using $1 from cache");
    }
}
