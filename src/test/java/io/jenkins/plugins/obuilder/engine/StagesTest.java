package io.jenkins.plugins.obuilder.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nested builds: at the same time, in the order of the spec for the reader, and what becomes of the others when one fails. */
@Timeout(60)
class StagesTest {
    private static final String TWO = "((build one ((from busybox) (run (shell one))))"
            + " (build two ((from busybox) (run (shell two)))) (from busybox) (run (shell last)))";

    @TempDir
    Path directory;

    private Bench bench;

    @BeforeEach
    void bench() throws Exception {
        bench = new Bench(directory);
    }

    @Test
    void nestedBuildsRunAtTheSameTimeAndArePrintedInOrder() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        CountDownLatch twoIsDone = new CountDownLatch(1);
        bench.sandbox.on("one", (command, rootfs, log, cancellation) -> {
            await(both);
            log.write("one begins\n".getBytes(UTF_8));
            await(twoIsDone);
            log.write("one ends\n".getBytes(UTF_8));
            return 0;
        });
        bench.sandbox.on("two", (command, rootfs, log, cancellation) -> {
            await(both);
            log.write("two\n".getBytes(UTF_8));
            twoIsDone.countDown();
            return 0;
        });

        BuildOutcome outcome = bench.build(TWO);

        assertThat(outcome.status()).isEqualTo(BuildOutcome.Status.SUCCEEDED);
        assertThat(bench.printed().replaceAll("\"[0-9a-f]{64}\"", "ID")).isEqualTo("""
                (build "one" …)
                (from busybox)
                ---> saved as ID
                /: (run (shell one))
                one begins
                one ends
                ---> saved as ID
                --> finished "one"
                (build "two" …)
                (from busybox)
                ---> saved as ID
                /: (run (shell two))
                two
                ---> saved as ID
                --> finished "two"
                (from busybox)
                ---> saved as ID
                /: (run (shell last))
                last
                ---> saved as ID
                Got: ID
                """);
    }

    @Test
    void oneAtATimeKeepsTheOrderOfTheSpec() throws Exception {
        bench.options = new BuildOptions(1, false, StepLimits.NONE);

        bench.build(TWO);

        assertThat(bench.sandbox.commands)
                .extracting(command -> command.argv().get(3))
                .containsExactly("one", "two", "last");
    }

    @Test
    void noMoreStepsRunAtOnceThanAllowed() throws Exception {
        bench.options = new BuildOptions(2, false, StepLimits.NONE);
        java.util.concurrent.atomic.AtomicInteger running = new java.util.concurrent.atomic.AtomicInteger();
        java.util.concurrent.atomic.AtomicInteger most = new java.util.concurrent.atomic.AtomicInteger();
        StringBuilder spec = new StringBuilder("(");
        for (int i = 0; i < 8; i++) {
            String name = "step" + i;
            spec.append("(build b")
                    .append(i)
                    .append(" ((from busybox) (run (shell ")
                    .append(name)
                    .append("))))");
            bench.sandbox.on(name, (command, rootfs, log, cancellation) -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                Thread.yield();
                running.decrementAndGet();
                return 0;
            });
        }

        assertThat(bench.build(spec + "(from busybox))").status()).isEqualTo(BuildOutcome.Status.SUCCEEDED);
        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void theFirstFailureCancelsTheOthers() throws Exception {
        CountDownLatch twoRuns = new CountDownLatch(1);
        bench.sandbox.on("one", (command, rootfs, log, cancellation) -> {
            await(twoRuns);
            return 1;
        });
        bench.sandbox.on("two", (command, rootfs, log, cancellation) -> {
            CountDownLatch cancelled = new CountDownLatch(1);
            try (var hook = cancellation.onCancel(cancelled::countDown)) {
                assertThat(hook).isNotNull();
                twoRuns.countDown();
                await(cancelled);
            }
            throw new Sandbox.CancelledException(cancellation.reason().orElseThrow());
        });

        BuildOutcome outcome = bench.build(TWO);

        assertThat(outcome.status()).isEqualTo(BuildOutcome.Status.FAILED);
        assertThat(outcome.message()).contains("nested build \"one\"").doesNotContain("\"two\"");
        assertThat(bench.store.unfinished()).isEmpty();
    }

    @Test
    void toKeepGoingBuildsWhatDoesNotNeedTheFailedOne() throws Exception {
        bench.options = new BuildOptions(4, true, StepLimits.NONE);
        bench.sandbox.on("one", (command, rootfs, log, cancellation) -> 1);

        BuildOutcome outcome = bench.build(TWO);

        assertThat(outcome.status()).isEqualTo(BuildOutcome.Status.FAILED);
        assertThat(outcome.message()).containsOnlyOnce("failed").contains("nested build \"one\"");
        assertThat(bench.sandbox.times("two")).isEqualTo(1);
        assertThat(bench.sandbox.times("last")).isEqualTo(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
