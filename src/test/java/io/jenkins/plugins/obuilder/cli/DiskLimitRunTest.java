package io.jenkins.plugins.obuilder.cli;

import static io.jenkins.plugins.obuilder.testing.Specs.cache;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.ZfsPool;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A step that fills more of the disk than it may: it is ended while it does so, or fails when it has, and is discarded. */
@Needs({
    Need.PRIVATE_ROOT,
    Need.RUNC,
    Need.RSYNC,
    Need.OVERLAYFS,
    Need.BTRFS,
    Need.XFS,
    Need.ZFS,
    Need.BUSYBOX_STATIC,
    Need.LOOP_DEVICES
})
class DiskLimitRunTest {
    private static final String TOO_MUCH = "bytes of the disk, more than a step may: 8388608 bytes (--disk";

    /** Where the step is not ended, it comes to its end and tells. */
    private static final String LONG = "sleep 25.7304";

    private static final String NOT_ENDED = "nobody ended it";
    private static final String GOES_ON = LONG + "; echo " + NOT_ENDED;

    @TempDir
    Path directory;

    private Workbench bench;
    private Closeable disk = () -> {};

    private void open(String store, String sandbox) throws IOException {
        Path root = directory.resolve("disk");
        Path image = directory.resolve("disk.img");
        switch (store) {
            case "btrfs" -> disk = LoopDisk.mount(image, 320, root, "mkfs.btrfs", "-q");
            case "xfs" -> disk = LoopDisk.mount(image, 320, root, "mkfs.xfs", "-q");
            case "zfs" -> {
                ZfsPool zfs = ZfsPool.make(Files.createDirectory(directory.resolve("zfs")), 512);
                disk = zfs;
                root = Path.of(ZfsPool.NAME);
            }
            default -> Files.createDirectory(root);
        }
        Path base = BusyboxTree.make(directory.resolve("base"));
        // Larger than the limit.
        Files.write(base.resolve("large"), new byte[12 << 20]);
        bench = new Workbench(directory, store, store.equals("zfs") ? root : root.resolve("store"))
                .with("--image", "busybox=dir:" + base, "--sandbox", sandbox, "--disk", "8M");
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        try {
            assertThat(ProcessHandle.allProcesses()
                            .map(process -> process.info().commandLine().orElse("")))
                    .noneMatch(line -> line.contains(LONG));
            bench.assertNothingTemporary();
        } finally {
            disk.close();
        }
    }

    /** A shell command that writes many files of 1 MiB, and fails when it cannot. */
    private static String files(int count, String place) {
        return "for i in $(seq " + count + "); do dd if=/dev/zero of=" + place
                + "$i bs=1M count=1 2>/dev/null || exit 9; done; ";
    }

    private static long sizeOf(String output) {
        Matcher told = Pattern.compile("(?m)^it has (\\d+)$").matcher(output);
        assertThat(told.find()).as(output).isTrue();
        return Long.parseLong(told.group(1));
    }

    private void mustFail(String command, String... reasons) throws IOException {
        assertThat(bench.build(spec(run(command)))).isEqualTo(1);

        assertThat(bench.err()).containsAnyOf(reasons).contains("--disk").contains("Nothing was saved");
        assertThat(bench.out()).doesNotContain("\n" + NOT_ENDED);
    }

    @ParameterizedTest
    @CsvSource({"overlayfs, user", "xfs, runc", "zfs, runc"})
    @Tag("long")
    void isEndedOrFailsOnOtherStores(String store, String sandbox) throws IOException {
        isEndedOrFails(store, sandbox);
    }

    @ParameterizedTest
    @CsvSource({"overlayfs, runc", "rsync, user", "btrfs, runc"})
    void isEndedOrFails(String store, String sandbox) throws IOException {
        open(store, sandbox);
        String full = "exit status 9, after it had filled all of the disk that a step may: 8388608 bytes";
        // Watched while it runs; zfs itself refuses more.
        mustFail(files(30, "f") + GOES_ON, TOO_MUCH, full);
        // Too quick to be watched.
        mustFail(files(12, "f") + "echo done", TOO_MUCH, full);
        mustFail("dd if=/dev/zero of=one bs=1M count=100; echo it has $(stat -c %s one); exit 9", full);
        assertThat(sizeOf(bench.out())).as("a single file is stopped at once").isBetween(1L << 20, 8L << 20);
        // Nothing is said of the limit where it is not why.
        assertThat(bench.build(spec(run(files(3, "f") + "exit 3")))).isEqualTo(1);
        assertThat(bench.err()).contains("exit status 3").doesNotContain("disk");

        bench.mustBuild(spec(run(files(6, "f") + "rm f1 f2"), run(files(6, "g") + "rm f3")));
    }

    @ParameterizedTest
    @CsvSource("overlayfs, user")
    void cachesCount(String store, String sandbox) throws IOException {
        open(store, sandbox);
        String home =
                sandbox.equals("user") ? io.jenkins.plugins.obuilder.sandbox.UserSettings.LINUX.home() + "/" : "/";
        String cached = cache("c", home + "cache");
        bench.mustBuild(spec(run(files(5, home + "cache/f"), cached)));
        bench.mustBuild(spec(run(files(5, home + "cache/g"), cached)));

        assertThat(bench.build(spec(run(files(9, home + "cache/h"), cached)))).isEqualTo(1);

        assertThat(bench.err()).contains(TOO_MUCH);
        bench.mustBuild(spec(run("ls " + home + "cache | wc -l", cached)));
        assertThat(bench.out()).contains("\n10\n");
    }

    @Test
    void temporaryFilesOfAnAccountCount() throws IOException {
        open("overlayfs", "user");
        mustFail(files(30, "/tmp/f") + GOES_ON, TOO_MUCH);
    }
}
