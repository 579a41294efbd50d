package io.jenkins.plugins.obuilder.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two builds on one store that want the same step at the same time. */
@Timeout(60)
class SharingTest {
    private static final String SPEC = "((from busybox) (run (shell work)))";

    @TempDir
    Path directory;

    private Bench owner;
    private Bench follower;
    private final CountDownLatch goOn = new CountDownLatch(1);

    @BeforeEach
    void benches() throws Exception {
        owner = new Bench(directory);
        follower = new Bench(owner);
    }

    private static CompletableFuture<BuildOutcome> start(Bench bench) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return bench.build(SPEC);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void ownerPrintsThenWaits() {
        owner.sandbox.on("work", (command, rootfs, log, cancellation) -> {
            log.write("first half\n".getBytes(UTF_8));
            CountDownLatch cancelled = new CountDownLatch(1);
            cancellation.onCancel(() -> {
                cancelled.countDown();
                goOn.countDown();
            });
            waitFor(goOn);
            if (cancelled.getCount() == 0) {
                throw new Sandbox.CancelledException(cancellation.reason().orElseThrow());
            }
            log.write("second half\n".getBytes(UTF_8));
            return 0;
        });
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theSecondFollowsTheFirstOnesLogAndSharesItsResult() throws Exception {
        ownerPrintsThenWaits();
        CompletableFuture<BuildOutcome> first = start(owner);
        await().until(() -> owner.sandbox.times("work") == 1);
        CompletableFuture<BuildOutcome> second = start(follower);

        await().untilAsserted(() -> assertThat(follower.printed()).contains("first half\n"));
        assertThat(follower.printed()).doesNotContain("second half");
        goOn.countDown();

        assertThat(second.get().id()).isEqualTo(first.get().id()).isPresent();
        assertThat(follower.sandbox.times("work")).isZero();
        assertThat(follower.printed())
                .isEqualTo(owner.printed().replaceFirst("saved as( \"9d75[0-9a-f]*\")", "using$1 from cache"));
        // It waited for the step: that was not there before it began.
        assertThat(second.get().hits()).isEqualTo(1);
    }

    @Test
    void whenTheOwnerIsCancelledASurvivorStartsTheStepAgain() throws Exception {
        ownerPrintsThenWaits();
        CompletableFuture<BuildOutcome> first = start(owner);
        await().until(() -> owner.sandbox.times("work") == 1);
        CompletableFuture<BuildOutcome> second = start(follower);
        await().untilAsserted(() -> assertThat(follower.printed()).contains("first half\n"));

        owner.cancellation.cancel("its user said so");

        assertThat(first.get().status()).isEqualTo(BuildOutcome.Status.CANCELLED);
        assertThat(second.get().status()).isEqualTo(BuildOutcome.Status.SUCCEEDED);
        assertThat(follower.sandbox.times("work")).isEqualTo(1);
        assertThat(follower.printed())
                .contains("first half\n---> whoever ran this step was stopped; it starts again\nwork\n");
        assertThat(owner.store.unfinished()).isEmpty();
    }

    @Test
    void aFollowerThatIsCancelledLeavesTheOwnerAlone() throws Exception {
        ownerPrintsThenWaits();
        CompletableFuture<BuildOutcome> first = start(owner);
        await().until(() -> owner.sandbox.times("work") == 1);
        CompletableFuture<BuildOutcome> second = start(follower);
        await().untilAsserted(() -> assertThat(follower.printed()).contains("first half\n"));

        follower.cancellation.cancel("its user said so");

        assertThat(second.get().status()).isEqualTo(BuildOutcome.Status.CANCELLED);
        goOn.countDown();
        assertThat(first.get().status()).isEqualTo(BuildOutcome.Status.SUCCEEDED);
    }
}
