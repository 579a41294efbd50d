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
import io.jenkins.plugins.obuilder.sandbox.UserSettings;
import io.jenkins.plugins.obuilder.testing.Gate;
import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.ProcessWatch;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The value of a secret is looked for everywhere it must not be: in what the engine prints, in command lines and environments of all
 * processes the whole time, in files that are left, and on the disk that holds store and temporary files, block by block: also in blocks that
 * nothing uses any more.
 */
@ParameterizedClass
@ValueSource(strings = {"runc", "user"})
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC, Need.LOOP_DEVICES})
class SecretsTest {
    private static final String VALUE = "Vq7-only-the-step-may-know-this-x9Z";
    private static final String MARK = "Gd3-anybody-may-know-this-p2W";
    private static final String DELETED = "Hn5-was-here-for-a-moment-s8T";
    private static final int MEBIBYTES = 64;

    private static final String HOME = UserSettings.LINUX.home().toString();

    @Parameter
    String sandbox;

    @TempDir
    Path directory;

    /** Not on the disk that is searched, and in memory: each write waits for that disk. */
    @TempDir(factory = InMemory.class)
    Path elsewhere;

    private LoopDisk disk;
    private Lab lab;
    private Workbench bench;
    private ProcessWatch watch;
    private Path secret;

    @BeforeEach
    void open() throws IOException {
        disk = LoopDisk.mount(
                elsewhere.resolve("disk.img"), MEBIBYTES, directory.resolve("disk"), "mkfs.ext4", "-q", "-m", "0");
        disk.writeAtOnce();
        lab = new Lab(directory.resolve("disk"));
        Files.writeString(lab.base.resolve("etc/mark"), MARK);
        secret = Files.writeString(elsewhere.resolve("secret"), VALUE);
        bench = lab.bench("overlayfs").with("--sandbox", sandbox, "--secret", "token:" + secret);
        watch = ProcessWatch.start(VALUE);
    }

    @AfterEach
    void nothingIsLeftAndTheDiskNeverSawIt() throws IOException {
        try {
            watch.close();
            assertThat(watch.looks()).as("looks at all processes").isGreaterThan(20);
            assertThat(watch.found()).isEmpty();
            lab.assertNothingLeft(bench);
            Lab.assertWhole(bench);
            assertThat(filesWithIt()).isEmpty();
            Files.delete(Files.writeString(directory.resolve("disk/deleted"), DELETED));
        } finally {
            disk.close();
        }
        String blocks = new String(Files.readAllBytes(elsewhere.resolve("disk.img")), ISO_8859_1);
        assertThat(blocks.contains(VALUE)).as("on the disk").isFalse();
        assertThat(blocks.contains(MARK)).as("the search finds what is there").isTrue();
        assertThat(blocks.contains(DELETED)).as("and what was deleted at once").isTrue();
    }

    /** Where anything of a build could be: its store, temporary files, and what lies in memory; its own file is not looked at. */
    private String filesWithIt() throws IOException {
        return Tools.run(
                Path.of("/"),
                "sh",
                "-c",
                "grep -rlFf " + secret + " --devices=skip --exclude-dir=" + elsewhere.getFileName()
                        + " /tmp /run/obuilder /dev/shm /var/lib/obuilder || true");
    }

    private static final class InMemory implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext where, ExtensionContext test) throws IOException {
            return Files.createTempDirectory(Path.of("/run/obuilder"), "elsewhere");
        }
    }

    private boolean inContainer() {
        return sandbox.equals("runc");
    }

    private String secretFile() {
        return inContainer() ? "/run/token" : "$OBUILDER_SECRETS_DIR/token";
    }

    /** Uses it without telling it. */
    private String uses(String more) {
        String cache = (inContainer() ? "" : HOME) + "/c";
        return run(
                "[ $(wc -c < " + secretFile() + ") = " + VALUE.length() + " ]; sha256sum " + secretFile() + "; touch "
                        + cache + "/used; " + more,
                "(network host)",
                cache("c", cache),
                "(secrets (token (target /run/token)))");
    }

    private String inNestedBuild(String step) {
        return withBuilds(
                build("dev", step),
                copyFrom("dev", "bin", (inContainer() ? "" : HOME) + "/copied"),
                run("cat " + secretFile() + "; true"));
    }

    private static String pass(Gate gate) {
        return gate.pass("here").replace("| nc", "| busybox nc");
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
        for (String events : List.of("text", "jsonl")) {
            assertThat(bench.build(inNestedBuild(uses("exit 3")), "--events", events))
                    .isEqualTo(1);
            assertThat(bench.out() + bench.err()).contains("exit status 3").doesNotContain(VALUE);
        }

        assertThat(bench.build(spec("(shell /bin/none)", uses("true")))).isEqualTo(1);
        assertThat(bench.out() + bench.err()).contains("/bin/none").doesNotContain(VALUE);
    }

    @Test
    void whileItRunsAndAfterItWasKilled() throws Exception {
        try (Gate gate = Gate.closed();
                EngineProcess process = bench.start(inNestedBuild(uses(pass(gate))))) {
            gate.awaitArrivals(1);
            watch.awaitAnotherLook();
            process.kill();
            assertThat(process.out() + process.err()).doesNotContain(VALUE);
        }
        if (inContainer()) {
            assertThat(filesWithIt()).as("held by the container that lives on").contains("/secrets/");
        }

        bench.mustBuild(spec());
    }

    @Test
    void afterASignal() throws Exception {
        try (Gate gate = Gate.closed();
                EngineProcess process = bench.start(inNestedBuild(uses(pass(gate))))) {
            gate.awaitArrivals(1);
            process.signal("TERM");
            assertThat(process.join()).isEqualTo(143);
            assertThat(process.out() + process.err()).doesNotContain(VALUE);
        }
    }
}
