package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.cache;
import static io.jenkins.plugins.obuilder.testing.Specs.copy;
import static io.jenkins.plugins.obuilder.testing.Specs.copyFrom;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.cli.EngineProcess;
import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.host.LinuxAccounts;
import io.jenkins.plugins.obuilder.host.Processes;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.sandbox.UserSettings;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A build is killed at a random moment, or finds the disk full from then on, and is made again: nothing that was saved is lost, nothing half is used, nothing is left. {@code
 * -Dobuilder.kills=N} sets how often; the profile "long" makes it 200.
 */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC, Need.LOOP_DEVICES})
class KillTest {
    private static final int KILLS = Integer.getInteger("obuilder.kills", 10);
    private static final String FULL_DISK = "FULL DISK";
    private static final int DISK_MEBIBYTES = 160;
    private static final int FREE_KIBIBYTES = 512;
    private static final int STAGES = 4;
    private static final int FILES = 40;
    private static final String SECRET = "known to nobody else";
    private static final Pattern SAVED = Pattern.compile("(?m)^---> saved as \"([0-9a-f]{64})\"$");

    @TempDir
    Path directory;

    /** Where a disk can be filled that nothing but the store lies on. */
    @TempDir
    Path elsewhere;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private Lab lab;
    private Workbench bench;
    private Place place;
    private LoopDisk disk;
    private int ended;
    private int kept;

    @AfterEach
    void unmount() throws IOException {
        if (disk != null) {
            disk.close();
        }
    }

    /** Where a step works, and what differs between the sandboxes. */
    private record Place(String sandbox, String directory, String inSnapshot, String secret) {
        static final Place RUNC = new Place("runc", "/work", "work/", "/run/token");
        static final Place USER =
                new Place("user", UserSettings.LINUX.home().toString(), "", "$OBUILDER_SECRETS_DIR/token");
    }

    @ParameterizedTest
    @CsvSource({
        "overlayfs, runc, KILL",
        "overlayfs, user, KILL",
        "overlayfs, runc, TERM",
        "overlayfs, user, TERM",
        "overlayfs, runc, FULL DISK",
        "overlayfs, user, FULL DISK"
    })
    void aBuildThatWasKilledIsMadeAgain(String store, String sandbox, String signal) throws Exception {
        lab = new Lab(directory);
        place = sandbox.equals("runc") ? Place.RUNC : Place.USER;
        if (signal.equals(FULL_DISK)) {
            disk = LoopDisk.mount(
                    elsewhere.resolve("disk.img"),
                    DISK_MEBIBYTES,
                    elsewhere.resolve("disk"),
                    "mkfs.ext4",
                    "-q",
                    "-m",
                    "0");
        }
        Path root = disk == null ? directory.resolve("store of snapshots") : elsewhere.resolve("disk/store");
        bench = new Workbench(directory, store, root)
                .with("--image", "busybox=dir:" + lab.base, "--min-free", "0")
                .with(
                        "--sandbox",
                        sandbox,
                        "--secret",
                        "token:" + Files.writeString(directory.resolve("token"), SECRET));
        Path tree = Files.createDirectories(bench.context.resolve("tree"));
        for (int i = 0; i < FILES; i++) {
            Files.write(tree.resolve("file" + i), new byte[1000]);
        }
        long whole = duration();
        long start = System.nanoTime();
        for (int round = 1; round <= KILLS; round++) {
            long delay = (long) (random.nextDouble() * whole);
            try {
                whole = adapted(whole, killAndBuild(round, signal, delay));
            } catch (AssertionError | Exception e) {
                throw new AssertionError("round " + round + ", " + delay + " of " + whole + " ms, seed " + seed, e);
            }
        }
        Lab.assertWhole(bench);
        System.out.printf(
                "%s, %s, %s: %d times in %d s, %d of them before the build ended; all %d snapshots saved before were there, whole; nothing was left; seed %d%n",
                store,
                sandbox,
                signal,
                KILLS,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
                KILLS - ended,
                kept,
                seed);
    }

    /** Of a build whose base image is there. */
    private long duration() throws IOException {
        bench.mustBuild("((from busybox))");
        long start = System.nanoTime();
        try (EngineProcess process = bench.start(spec(0))) {
            assertThat(process.join()).as(process.out() + process.err()).isZero();
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
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
        List<String> saved;
        boolean wasOver;
        try (EngineProcess process = bench.start(spec(round))) {
            Thread.sleep(delay);
            if (signal.equals("KILL")) {
                process.kill();
            } else if (signal.equals(FULL_DISK)) {
                disk.fill(random.nextInt(FREE_KIBIBYTES));
                assertThat(process.join()).as(process.out() + process.err()).isIn(0, 1);
                disk.free();
                assertNothingLeft();
            } else {
                process.signal(signal);
                assertThat(process.join()).isIn(0, 143);
                assertNothingLeft();
            }
            saved = SAVED.matcher(process.out())
                    .results()
                    .map(match -> match.group(1))
                    .toList();
            wasOver = process.out().contains("\nGot: ");
            ended += wasOver ? 1 : 0;
            kept += saved.size();
        }
        try (SharedStore store = bench.open()) {
            for (String id : saved) {
                assertThat(store.find(new SnapshotId(id))).as(id).isPresent();
            }
        }

        bench.mustBuild(spec(round));

        for (String id : saved) {
            assertThat(bench.out()).contains("using \"" + id + "\" from cache");
        }
        assertNothingLeft();
        if (disk != null) {
            // The disk is small: the next round needs the room.
            Lab.assertWhole(bench);
            assertThat(bench.command("clean", "--store", "overlayfs:" + bench.store()))
                    .as(bench.err())
                    .isZero();
            bench.mustBuild("((from busybox))");
        }
        return wasOver ? Progress.ENDED : saved.isEmpty() ? Progress.NOTHING_SAVED : Progress.SOMETHING_SAVED;
    }

    private void assertNothingLeft() throws IOException {
        lab.assertNothingLeft(bench);
        LinuxAccounts accounts = new LinuxAccounts(new SystemCommands());
        UserSettings settings = UserSettings.LINUX;
        for (int uid = settings.firstUid(); uid < settings.firstUid() + STAGES; uid++) {
            assertThat(accounts.userName(uid)).isEmpty();
            assertThat(accounts.groupName(uid)).isEmpty();
            assertThat(Processes.ofUser(uid)).isEmpty();
        }
        assertThat(settings.home()).doesNotExist();
        if (Files.exists(settings.runtime())) {
            try (Stream<Path> files = Files.walk(settings.runtime())) {
                assertThat(files.filter(Files::isRegularFile))
                        .allMatch(file -> file.toString().endsWith(".lock"));
            }
        }
    }

    /** Every step looks whether the one before is whole. */
    private String spec(int round) {
        StringBuilder builds = new StringBuilder();
        StringBuilder copies = new StringBuilder();
        for (int stage = 1; stage <= STAGES; stage++) {
            builds.append(Specs.build(
                    "stage" + stage,
                    "(workdir " + place.directory() + ")",
                    copy("tree", place.directory() + "/tree"),
                    run("set -e; echo round " + round + " stage " + stage + "; [ $(ls tree | wc -l) = " + FILES + " ]; "
                            + "for n in $(seq " + FILES + "); do echo $n > out$n; done"),
                    run(
                            "set -e; [ $(cat out* | wc -l) = " + FILES + " ]; rm out1; [ \"$(cat " + place.secret()
                                    + ")\" = '" + SECRET + "' ]; echo passed > stage" + stage,
                            secret("token", "/run/token")),
                    run(
                            "set -e; [ ! -e out1 ]; touch cache/a cache/b; cmp cache/a cache/b; echo " + stage
                                    + " >> cache/a; sleep 0.1; echo " + stage + " >> cache/b",
                            cache("shared", place.directory() + "/cache"))));
            copies.append(copyFrom(
                    "stage" + stage, place.inSnapshot() + "stage" + stage, place.directory() + "/stage" + stage));
        }
        return Specs.withBuilds(
                builds.toString(),
                "(workdir " + place.directory() + ")",
                copies.toString(),
                run("[ $(cat stage* | grep -c passed) = " + STAGES + " ]"));
    }
}
