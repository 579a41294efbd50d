package io.jenkins.plugins.obuilder.defects;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.cli.EngineProcess;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A build is killed at a random moment and made again: nothing that was saved is lost, nothing half is used, nothing is left. {@code
 * -Dobuilder.kills=N} sets how often; the profile "long" makes it 200.
 */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC})
class KillTest {
    private static final int KILLS = Integer.getInteger("obuilder.kills", 10);

    @TempDir
    Path directory;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private KilledBuild build;
    private int ended;

    @ParameterizedTest
    @CsvSource({"runc, KILL", "user, KILL", "runc, TERM", "user, TERM"})
    void aBuildThatWasKilledIsMadeAgain(String sandbox, String signal) throws Exception {
        build = new KilledBuild(directory, directory.resolve("store of snapshots"), sandbox);
        long whole = build.duration();
        long start = System.nanoTime();
        for (int round = 1; round <= KILLS; round++) {
            long delay = (long) (random.nextDouble() * whole);
            try {
                whole = adapted(whole, killAndBuild(round, signal, delay));
            } catch (AssertionError | Exception e) {
                throw new AssertionError("round " + round + ", " + delay + " of " + whole + " ms, seed " + seed, e);
            }
        }
        build.assertWhole();
        System.out.printf(
                "%s, %s: %d times in %d s, %d of them before the build ended; all %d snapshots saved before were there, whole; nothing was left; seed %d%n",
                sandbox,
                signal,
                KILLS,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
                KILLS - ended,
                build.kept(),
                seed);
    }

    /** How long a build takes changes with what else the machine does: some kills are to come early, some late, few too late. */
    private static long adapted(long whole, Progress progress) {
        return switch (progress) {
            case NOTHING_SAVED -> whole + whole / 20;
            case SOMETHING_SAVED -> whole;
            case ENDED -> whole - whole / 10;
        };
    }

    /** How far a build had come. */
    private enum Progress {
        NOTHING_SAVED,
        SOMETHING_SAVED,
        ENDED
    }

    private Progress killAndBuild(int round, String signal, long delay) throws Exception {
        String spec = build.spec(round, KilledBuild.Extras.NONE);
        List<String> saved;
        boolean wasOver;
        try (EngineProcess process = build.bench.start(spec)) {
            Thread.sleep(delay);
            if (signal.equals("KILL")) {
                process.kill();
            } else {
                process.signal(signal);
                assertThat(process.join()).isIn(0, 143);
                build.assertNothingLeft();
            }
            saved = KilledBuild.saved(process);
            wasOver = process.out().contains("\nGot: ");
            ended += wasOver ? 1 : 0;
        }
        build.assertNothingLostAndMakeAgain(spec, saved);
        return wasOver ? Progress.ENDED : saved.isEmpty() ? Progress.NOTHING_SAVED : Progress.SOMETHING_SAVED;
    }
}
