package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.copy;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What OBuilder fails at: deep builds on overlayfs, and images whose tar is not GNU's or ends early. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC})
class LimitsTest {
    private static final int STEPS = 300;

    @TempDir
    Path directory;

    private Lab lab;
    private Workbench bench;

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(directory);
        bench = lab.bench("overlayfs");
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        lab.assertNothingLeft(bench);
        Lab.assertWhole(bench);
    }

    @Test
    void aBuildOfThreeHundredSteps() throws Exception {
        Files.writeString(bench.context.resolve("file"), "copied");
        List<String> ops = new ArrayList<>();
        for (int i = 1; i <= STEPS; i++) {
            ops.add(i % 10 == 0 ? run("mkdir /made" + i + "; rm /file" + (i - 1)) : copy("file", "/file" + i));
        }
        ops.add(run("ls -d /made* | wc -l; ls -d /file* | wc -l"));

        bench.mustBuild(spec(ops.toArray(String[]::new)));

        assertThat(bench.out()).contains("\n" + STEPS / 10 + "\n" + STEPS * 8 / 10 + "\n");
    }

    @Test
    void aCopyIntoAnImageWhoseTarEndsEarly() throws Exception {
        Files.delete(lab.base.resolve("bin/tar"));
        Files.writeString(lab.base.resolve("bin/tar"), "#!/bin/sh\nexit 0\n");
        lab.base.resolve("bin/tar").toFile().setExecutable(true);
        Files.write(bench.context.resolve("large"), new byte[1 << 20]);

        bench.mustBuild(spec(copy("large", "/large"), run("/bin/stat -c %s /large")));

        assertThat(bench.out()).contains("\n" + (1 << 20) + "\n");
    }

    @Test
    void aDirectoryCopiedIntoAnImageWithBusyBox() throws Exception {
        Files.writeString(
                Files.createDirectories(bench.context.resolve("tree/inner")).resolve("file"), "contents");

        bench.mustBuild(spec(copy("tree", "/tree"), run("find /tree | sort; cat /tree/inner/file")));

        assertThat(bench.out()).contains("\n/tree\n/tree/inner\n/tree/inner/file\ncontents--->");
    }
}
