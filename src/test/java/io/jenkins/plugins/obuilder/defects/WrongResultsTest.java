package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.build;
import static io.jenkins.plugins.obuilder.testing.Specs.cache;
import static io.jenkins.plugins.obuilder.testing.Specs.copy;
import static io.jenkins.plugins.obuilder.testing.Specs.copyFrom;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static io.jenkins.plugins.obuilder.testing.Specs.withBuilds;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong in OBuilder without a word: each must go right here, on every store. */
@ParameterizedClass
@ValueSource(strings = {"overlayfs", "rsync"})
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.RSYNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC})
class WrongResultsTest {
    @Parameter
    String store;

    @TempDir
    Path directory;

    private Lab lab;
    private Workbench bench;

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(directory);
        bench = lab.bench(store);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        lab.assertNothingLeft(bench);
        Lab.assertWhole(bench);
    }

    @Test
    void copyOutOfANestedBuildSeesAllItsSteps() throws Exception {
        String dev = build(
                "dev",
                run("mkdir /out; echo 1 > /out/early; echo 2 > /out/gone"),
                run("echo 3 > /out/late; rm /out/gone"));

        bench.mustBuild(withBuilds(dev, copyFrom("dev", "out", "/copy"), run("cd /copy; grep . *")));

        assertThat(bench.out()).contains("early:1\nlate:3\n--->");
    }

    @Test
    void aCacheDirectoryThatWasMadeAnewIsEmpty() throws Exception {
        bench.mustBuild(spec(run("mkdir /c/d; touch /c/d/old", cache("c", "/c"))));
        bench.mustBuild(spec(run("rm -rf /c/d && mkdir /c/d", cache("c", "/c"))));

        bench.mustBuild(spec(run("ls -A /c /c/d", cache("c", "/c"))));

        assertThat(bench.out()).contains("/c:\nd\n\n/c/d:\n--->");
    }

    @Test
    void aDirectoryThatWasMadeAnewIsEmpty() throws Exception {
        bench.mustBuild(spec(run("mkdir /d; touch /d/old"), run("rm -rf /d && mkdir /d"), run("ls -A /d; echo end")));

        assertThat(bench.out()).contains("\nend\n").doesNotContain("old\nend");
    }

    @Test
    void chmodOfASourceInvalidatesItsCopy() throws Exception {
        Path script = Files.writeString(bench.context.resolve("script"), "echo it runs\n");
        String spec = spec(copy("script", "/script"), run("/bin/stat -c %a /script"));
        bench.mustBuild(spec);
        assertThat(bench.out()).contains("\n644\n");

        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        bench.mustBuild(spec);

        assertThat(bench.out()).contains("\n755\n");
        assertThat(bench.hits()).isEqualTo(1);
    }

    @Test
    void aBaseWhoseTagHasMovedIsNoticed() throws Exception {
        bench.mustBuild(spec(run("cat /etc/version; echo end")));
        Files.writeString(lab.base.resolve("etc/version"), "two\n");

        bench.mustBuild(spec(run("cat /etc/version; echo end")));

        assertThat(bench.hits()).isZero();
        assertThat(bench.out()).contains("two\nend\n");
    }
}
