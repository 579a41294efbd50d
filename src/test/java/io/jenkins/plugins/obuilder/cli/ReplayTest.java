package io.jenkins.plugins.obuilder.cli;

import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The saved log of a cached step arrives whole, whatever standard output is. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC})
class ReplayTest {
    private static final String SPEC = spec(run("seq 400000 | sed s/^/line\\ /"), run("echo second"));

    @TempDir
    Path directory;

    private static String withoutIds(String output) {
        return output.replaceAll("---> (saved as|using) \"\\w+\"( from cache)?", "--->");
    }

    @Test
    void intoAFileAPipeAndJsonLines() throws Exception {
        Path base = BusyboxTree.make(directory.resolve("base"));
        Workbench bench = new Workbench(directory, "overlayfs").with("--image", "busybox=dir:" + base);
        String first = withoutIds(bench.mustBuild(SPEC));
        assertThat(first).contains("\nline 1\n", "\nline 400000\n--->", "\nsecond\n--->");

        assertThat(withoutIds(bench.mustBuild(SPEC))).isEqualTo(first);
        try (EngineProcess file = bench.start(SPEC)) {
            assertThat(file.join()).isZero();
            assertThat(withoutIds(file.out())).isEqualTo(first);
        }
        try (EngineProcess pipe = bench.startPiped(SPEC);
                InputStream out = pipe.process().getInputStream()) {
            assertThat(withoutIds(new String(out.readAllBytes(), StandardCharsets.ISO_8859_1)))
                    .isEqualTo(first);
            assertThat(pipe.join()).isZero();
        }
        try (EngineProcess gone = bench.startPiped(SPEC)) {
            try (InputStream out = gone.process().getInputStream()) {
                out.readNBytes(1000);
            }
            assertThat(gone.join()).isEqualTo(141);
        }
        assertThat(bench.mustBuild(SPEC, "--events", "jsonl")).contains("line 400000");
    }
}
