package io.jenkins.plugins.obuilder.defects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.cli.EngineProcess;
import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The disk of a build's store becomes full at a random moment, before the build begins or in the middle; the build, which writes more than
 * is left, is killed at another, most often while it runs out of room, or clears up after that. When there is room again it is made
 * again: nothing that was saved is lost, nothing half is used, nothing is left. {@code -Dobuilder.kills=N} sets how often; the profile
 * "long" makes it 200.
 */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC, Need.LOOP_DEVICES})
class KillOnFullDiskTest {
    private static final int KILLS = Integer.getInteger("obuilder.kills", 10);
    private static final int DISK_MEBIBYTES = 160;
    private static final int MOST_FREE_KIBIBYTES = 64;

    /** Where a build says that it ran out. */
    private enum Told {
        INDEX("SQLITE_FULL"),
        STORE("/disk/store/[^\" ]*: No space left on device"),
        RUNTIME("/log\\.json: no space left on device|unable to store init state"),
        CACHE("cp: [^\"]*No space left on device"),
        LOG("cannot pass on the output of [^\"]*No space left on device"),
        STEP("\"output\"[^\\n]*No space left on device");

        private final Pattern pattern;

        Told(String pattern) {
            this.pattern = Pattern.compile(pattern);
        }
    }

    private static final Pattern RAN_OUT =
            Pattern.compile("(?i)no space left on device|SQLITE_FULL|the disk of the store [^\n]* is full");

    @TempDir
    Path directory;

    /** For a disk that nothing but the store lies on. */
    @TempDir
    Path elsewhere;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final Map<Told, Integer> told = new EnumMap<>(Told.class);
    private LoopDisk disk;
    private KilledBuild build;
    private long whole;
    private Window any;
    private Window afterwards;
    private int ranOut;
    private int killed;
    private int killedAfter;

    @BeforeEach
    void mount() throws IOException {
        disk = LoopDisk.mount(
                elsewhere.resolve("disk.img"), DISK_MEBIBYTES, elsewhere.resolve("disk"), "mkfs.ext4", "-q", "-m", "0");
    }

    @AfterEach
    void unmount() throws IOException {
        disk.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "user"})
    void aBuildThatWasKilledOnAFullDiskIsMadeAgain(String sandbox) throws Exception {
        build = new KilledBuild(directory, elsewhere.resolve("disk/store"), sandbox);
        whole = build.duration();
        any = new Window(whole / 2);
        afterwards = new Window(whole / 10);
        long start = System.nanoTime();
        for (int round = 1; round <= KILLS; round++) {
            try {
                fillKillAndBuild(round);
            } catch (AssertionError | Exception e) {
                throw new AssertionError("round " + round + ", seed " + seed, e);
            }
        }
        System.out.printf(
                "%s, full disk: %d times in %d s, %d of them ran out of room %s; %d were killed, %d of them after that; all %d snapshots saved before were there, whole; nothing was left; seed %d%n",
                sandbox,
                KILLS,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
                ranOut,
                told,
                killed,
                killedAfter,
                build.kept(),
                seed);
        assertThat(ranOut).as("builds that ran out of room").isGreaterThanOrEqualTo((KILLS + 1) / 2);
    }

    /** They write more than is left, and more than any reserve that may be given up for them. */
    private KilledBuild.Extras extras() {
        return new KilledBuild.Extras(
                "dd if=/dev/zero of=bulk bs=4k count=" + (50 + random.nextInt(200)),
                "seq " + (5_000 + random.nextInt(50_000)),
                "dd if=/dev/zero of=cache/bulk bs=4k count=" + (10 + random.nextInt(100)));
    }

    /** How long after the disk has become full a build may be killed, in milliseconds: long enough that some end before, and most do not. */
    private static final class Window {
        private long milliseconds;

        Window(long milliseconds) {
            this.milliseconds = milliseconds;
        }

        void adapt(boolean wasOver) {
            milliseconds = wasOver ? milliseconds - milliseconds / 5 : milliseconds + milliseconds / 10 + 1;
        }
    }

    private void fillKillAndBuild(int round) throws Exception {
        String spec = build.spec(round, extras());
        List<String> saved;
        boolean wasOver;
        // Some are killed at any moment, the others when they have told that there is no room, or later.
        boolean anyMoment = round % 2 == 0;
        List<String> options = new ArrayList<>(List.of("--events", "jsonl"));
        if (random.nextBoolean()) {
            options.add("--keep-going");
        }
        try (EngineProcess process = build.bench.start(spec, options.toArray())) {
            Thread.sleep((long) (random.nextDouble() * whole / 2));
            disk.fill(random.nextInt(MOST_FREE_KIBIBYTES + 1));
            if (!anyMoment) {
                await().atMost(Duration.ofMinutes(1))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> !process.process().isAlive() || hasRunOut(process));
            }
            Window window = anyMoment ? any : afterwards;
            wasOver = process.process()
                    .waitFor((long) (random.nextDouble() * window.milliseconds), TimeUnit.MILLISECONDS);
            process.kill();
            window.adapt(wasOver);
            note(process, wasOver);
            saved = KilledBuild.saved(process);
        }
        disk.free();
        if (wasOver) {
            build.assertNothingLeft();
        }
        build.assertNothingLostAndMakeAgain(spec, saved);
        build.assertWhole();
        // The disk is small: the next round needs the room.
        assertThat(build.bench.command("clean", "--store", "overlayfs:" + build.bench.store()))
                .as(build.bench.err())
                .isZero();
        build.makeBase();
    }

    private static String said(EngineProcess process) throws IOException {
        return process.out() + process.err();
    }

    private static boolean hasRunOut(EngineProcess process) throws IOException {
        return RAN_OUT.matcher(said(process)).find();
    }

    private void note(EngineProcess process, boolean wasOver) throws IOException {
        String said = said(process);
        boolean out = hasRunOut(process);
        ranOut += out ? 1 : 0;
        killed += wasOver ? 0 : 1;
        killedAfter += out && !wasOver ? 1 : 0;
        for (Told where : Told.values()) {
            if (where.pattern.matcher(said).find()) {
                told.merge(where, 1, Integer::sum);
            }
        }
        if (wasOver) {
            assertThat(process.process().exitValue()).as(said).isIn(0, 1);
            assertThat(said).doesNotContain("Exception");
            whole -= out ? 0 : whole / 10;
        }
    }
}
