package io.jenkins.plugins.obuilder.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import io.jenkins.plugins.obuilder.spec.Op;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuilderTest {
    private static final String BUSYBOX = "9d75f0d7c398df565d7ac04c6819b62d6d8f9560f5eb4672596ecd8f7e96ae91";

    @TempDir
    Path directory;

    private Bench bench;

    @BeforeEach
    void bench() throws Exception {
        bench = new Bench(directory);
    }

    @Test
    void aSecondRunUsesTheFirstOnesSnapshotsAndReplaysTheirLogs() throws Exception {
        String spec = "((from busybox) (shell /bin/sh -c) (run (shell \"echo hello world\")))";

        BuildOutcome first = bench.build(spec);
        String id = first.id().orElseThrow().hex();

        assertThat(bench.printed())
                .isEqualTo("(from busybox)\n---> saved as \"" + BUSYBOX + "\"\n/: (shell /bin/sh -c)\n"
                        + "/: (run (shell \"echo hello world\"))\necho hello world\n---> saved as \"" + id
                        + "\"\nGot: \"" + id + "\"\n");
        assertThat(first.steps()).isEqualTo(2);
        assertThat(first.hits()).isZero();

        bench.text.reset();
        BuildOutcome second = bench.build(spec);

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.hits()).isEqualTo(2);
        assertThat(bench.printed())
                .isEqualTo("(from busybox)\n---> using \"" + BUSYBOX + "\" from cache\n/: (shell /bin/sh -c)\n"
                        + "/: (run (shell \"echo hello world\"))\necho hello world\n---> using \"" + id
                        + "\" from cache\nGot: \"" + id + "\"\n");
        assertThat(bench.sandbox.times("echo hello world")).isEqualTo(1);
    }

    @Test
    void aStepSeesWhatTheOperationsBeforeItHaveSet() throws Exception {
        bench.secrets.put("tok", "value".getBytes(UTF_8));

        bench.build("((from busybox) (shell /bin/sh -c) (workdir /src) (workdir sub) (env A 1) (env B 2) (env A 3)"
                + " (user (uid 12) (gid 34)) (run (network host) (secrets (tok (target /run/tok)))"
                + " (cache (c (target /c))) (shell go)))");

        Sandbox.Command command = bench.sandbox.commands.get(0);
        assertThat(command.argv()).containsExactly("/bin/sh", "-c", "go");
        assertThat(command.workdir()).isEqualTo("/src/sub");
        assertThat(command.env())
                .startsWith(new EnvVar("A", "3"), new EnvVar("B", "2"))
                .hasSize(3);
        assertThat(command.user()).isEqualTo(new Op.User.Ids(12, 34));
        assertThat(command.hostNetwork()).isTrue();
        assertThat(command.caches()).extracting(Sandbox.CacheDirectory::target).containsExactly("/c");
        assertThat(command.secrets()).singleElement().satisfies(secret -> {
            assertThat(secret.target()).isEqualTo("/run/tok");
            assertThat(secret.value()).isEqualTo("value".getBytes(UTF_8));
        });
    }

    @Test
    void aFailedStepNamesItselfAndLeavesNothing() throws Exception {
        bench.sandbox.on("false", (command, rootfs, log, cancellation) -> {
            log.write("oh no\n".getBytes(UTF_8));
            return 3;
        });

        BuildOutcome outcome = bench.build("((build dev\n ((from busybox)\n  (run (shell false))))\n (from busybox))");

        assertThat(outcome.status()).isEqualTo(BuildOutcome.Status.FAILED);
        assertThat(outcome.id()).isEmpty();
        assertThat(outcome.message())
                .matches("(?s)in the nested build \"dev\", the step at test.spec:3:3 failed:\n"
                        + "    /: \\(run \\(shell false\\)\\)\nexit status 3\nNothing was saved as [0-9a-f]{64}\\.");
        assertThat(bench.printed()).contains("oh no\n").doesNotContain("Got:").doesNotContain("finished");
        assertThat(bench.store.list()).extracting(Object::toString).containsExactly(BUSYBOX);
        assertThat(bench.store.unfinished()).isEmpty();

        bench.sandbox.on("false", (command, rootfs, log, cancellation) -> 0);
        assertThat(bench.build("((build dev ((from busybox) (run (shell false)))) (from busybox))")
                        .status())
                .isEqualTo(BuildOutcome.Status.SUCCEEDED);
    }

    @Test
    void allSecretsMustBeThereBeforeAnythingRuns() {
        assertThatThrownBy(() -> bench.build("((build dev ((from busybox) (run (secrets (a (target /a))) (shell x))))\n"
                        + "(from busybox) (run (shell y)) (run (secrets (b (target /b))) (shell z)))"))
                .isInstanceOf(MissingSecretException.class)
                .hasMessageContaining("the secret \"a\" at test.spec:1:")
                .hasMessageContaining("the secret \"b\" at test.spec:2:");
        assertThat(bench.sandbox.commands).isEmpty();
        assertThat(bench.printed()).isEmpty();
    }

    @Test
    void aCacheOutlivesTheStepAlsoWhenItFails() throws Exception {
        bench.sandbox.on("fill", (command, rootfs, log, cancellation) -> {
            Files.writeString(command.caches().get(0).directory().resolve("f"), "filled");
            return 1;
        });
        bench.sandbox.on("look", (command, rootfs, log, cancellation) -> {
            log.write(Files.readAllBytes(command.caches().get(0).directory().resolve("f")));
            return 0;
        });

        bench.build("((from busybox) (run (cache (c (target /c))) (shell fill)))");
        bench.text.reset();
        bench.build("((from busybox) (run (cache (c (target /c))) (shell look)))");

        assertThat(bench.printed()).contains("filled");
        assertThat(bench.store.unfinished()).isEmpty();
    }

    @Test
    void aCancelledStepLeavesNothing() throws Exception {
        bench.sandbox.on("wait", (command, rootfs, log, cancellation) -> {
            bench.cancellation.cancel("somebody said so");
            throw new Sandbox.CancelledException(cancellation.reason().orElseThrow());
        });

        BuildOutcome outcome = bench.build("((from busybox) (run (shell wait)) (run (shell after)))");

        assertThat(outcome.status()).isEqualTo(BuildOutcome.Status.CANCELLED);
        assertThat(outcome.message()).isEqualTo("somebody said so");
        assertThat(bench.store.unfinished()).isEmpty();
        assertThat(bench.store.list()).hasSize(1);
        assertThat(bench.sandbox.times("after")).isZero();
    }

    @Test
    void byContentABaseIsKnownByWhatItIs() throws Exception {
        bench.identity = BaseIdentity.CONTENT;
        String spec = "((from busybox) (run (shell x)))";
        String before = bench.build(spec).id().orElseThrow().hex();

        bench.images = name -> new FakeImage("sha256:moved", List.of());

        assertThat(bench.build(spec).id().orElseThrow().hex()).isNotEqualTo(before);
        assertThat(bench.sandbox.times("x")).isEqualTo(2);
    }

    @Test
    void aCachedBaseNeedsNoImage() throws Exception {
        bench.build("((from busybox) (run (shell x)))");
        bench.images = name -> {
            throw new java.io.IOException("gone");
        };

        BuildOutcome outcome = bench.build("((from busybox) (run (shell x)) (run (shell y)))");

        assertThat(outcome.status()).isEqualTo(BuildOutcome.Status.SUCCEEDED);
        assertThat(bench.sandbox.commands.get(1).env()).extracting(EnvVar::name).containsExactly("PATH");
    }
}
