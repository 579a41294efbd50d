package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.build;
import static io.jenkins.plugins.obuilder.testing.Specs.cache;
import static io.jenkins.plugins.obuilder.testing.Specs.copyFrom;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static io.jenkins.plugins.obuilder.testing.Specs.withBuilds;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.cli.EngineProcess;
import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.testing.Gate;
import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The value of a secret is looked for everywhere it must not be: in what the engine prints, in command lines and environments, and on the
 * disk that holds store and temporary files, block by block: also in blocks that nothing uses any more.
 */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC, Need.LOOP_DEVICES})
class SecretsTest {
    private static final String VALUE = "Vq7-only-the-step-may-know-this-x9Z";
    private static final String MARK = "Gd3-anybody-may-know-this-p2W";
    private static final int MEBIBYTES = 64;

    @TempDir
    Path directory;

    /** Not on the disk that is searched. */
    @TempDir
    Path elsewhere;

    private LoopDisk disk;
    private Lab lab;
    private Workbench bench;

    @BeforeEach
    void open() throws IOException {
        disk = LoopDisk.mount(
                elsewhere.resolve("disk.img"), MEBIBYTES, directory.resolve("disk"), "mkfs.ext4", "-q", "-m", "0");
        lab = new Lab(directory.resolve("disk"));
        Files.writeString(lab.base.resolve("etc/mark"), MARK);
        Path secret = Files.writeString(elsewhere.resolve("secret"), VALUE);
        bench = lab.bench("overlayfs").with("--secret", "token:" + secret);
    }

    @AfterEach
    void nothingIsLeftAndTheDiskNeverSawIt() throws IOException {
        try {
            lab.assertNothingLeft(bench);
            Lab.assertWhole(bench);
        } finally {
            disk.close();
        }
        String blocks = new String(Files.readAllBytes(elsewhere.resolve("disk.img")), ISO_8859_1);
        assertThat(blocks.contains(VALUE)).as("on the disk").isFalse();
        assertThat(blocks.contains(MARK)).as("the search finds what is there").isTrue();
    }

    /** Uses it without telling it. */
    private static String uses(String more) {
        return run(
                "[ $(wc -c < /run/token) = " + VALUE.length() + " ]; sha256sum /run/token; touch /c/used; " + more,
                "(network host)",
                cache("c", "/c"),
                "(secrets (token (target /run/token)))");
    }

    private static String inNestedBuild(String step) {
        return withBuilds(build("dev", step), copyFrom("dev", "bin", "/copied"), run("cat /run/token; true"));
    }

    @Test
    void afterSuccess() throws Exception {
        for (String events : List.of("text", "jsonl")) {
            bench.mustBuild(inNestedBuild(uses("echo " + events)), "--events", events);
            assertThat(bench.out() + bench.err()).doesNotContain(VALUE);
        }
    }

    @Test
    void afterFailure() throws Exception {
        assertThat(bench.build(inNestedBuild(uses("exit 3")))).isEqualTo(1);
        assertThat(bench.out() + bench.err()).contains("exit status 3").doesNotContain(VALUE);

        assertThat(bench.build(spec("(shell /bin/none)", uses("true")))).isEqualTo(1);
        assertThat(bench.out() + bench.err()).contains("/bin/none").doesNotContain(VALUE);
    }

    @Test
    void whileItRunsAndAfterItWasKilled() throws Exception {
        try (Gate gate = Gate.closed();
                EngineProcess process = bench.start(inNestedBuild(uses(gate.pass("here"))))) {
            gate.awaitArrivals(1);
            assertThat(argumentsAndEnvironments()).hasSizeGreaterThan(5).noneMatch(text -> text.contains(VALUE));
            process.kill();
            assertThat(process.out() + process.err()).doesNotContain(VALUE);
        }
        assertThat(Tools.run(directory, "sh", "-c", "grep -rlF " + VALUE + " . || true"))
                .as("held by the container that lives on")
                .contains("/secrets/");

        bench.mustBuild(spec());
    }

    @Test
    void afterASignal() throws Exception {
        try (Gate gate = Gate.closed();
                EngineProcess process = bench.start(inNestedBuild(uses(gate.pass("here"))))) {
            gate.awaitArrivals(1);
            process.signal("TERM");
            assertThat(process.join()).isEqualTo(143);
            assertThat(process.out() + process.err()).doesNotContain(VALUE);
        }
    }

    private static List<String> argumentsAndEnvironments() throws IOException {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                found.add(read(process.resolve("cmdline")) + read(process.resolve("environ")));
            }
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), ISO_8859_1);
        } catch (IOException e) {
            // It has ended meanwhile.
            return "";
        }
    }
}
