package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.cache;
import static io.jenkins.plugins.obuilder.testing.Specs.copy;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that is full: told as such, with what to do, and nothing is lost or left; afterwards everything works. */
@ParameterizedClass
@ValueSource(strings = {"overlayfs", "rsync", "rsync hardlink", "btrfs", "xfs"})
@Needs({
    Need.PRIVATE_ROOT,
    Need.RUNC,
    Need.RSYNC,
    Need.OVERLAYFS,
    Need.BTRFS,
    Need.XFS,
    Need.BUSYBOX_STATIC,
    Need.LOOP_DEVICES
})
class FullDiskTest {
    private static final int MEBIBYTES = 48;

    /** Of what xfs takes at all. */
    private static final int SMALLEST = 320;

    @Parameter
    String store;

    @TempDir
    Path directory;

    private Lab lab;
    private Workbench bench;
    private LoopDisk disk;

    @BeforeEach
    void mount() throws IOException {
        lab = new Lab(directory);
        Path image = directory.resolve("disk.img");
        Path place = directory.resolve("disk");
        String kind = store.split(" ")[0];
        disk = switch (kind) {
            case "btrfs" -> LoopDisk.mount(image, SMALLEST, place, "mkfs.btrfs", "-q");
            case "xfs" -> LoopDisk.mount(image, SMALLEST, place, "mkfs.xfs", "-q");
            default -> LoopDisk.mount(image, MEBIBYTES, place, "mkfs.ext4", "-q", "-m", "0");
        };
        disk.leave(MEBIBYTES);
        bench = new Workbench(directory, kind, directory.resolve("disk/store"))
                .with("--image", "busybox=dir:" + lab.base)
                // The floor would refuse the step before the disk is full.
                .with("--min-free", "0");
        if (store.contains(" ")) {
            bench.with("--rsync-mode", store.split(" ")[1]);
        }
        bench.mustBuild(spec(run("echo first")));
    }

    @AfterEach
    void everythingWorksAgain() throws IOException {
        try (LoopDisk closing = disk) {
            closing.free();
            tryEverything();
        }
        lab.assertNothingLeft(bench);
    }

    private void tryEverything() throws IOException {
        bench.assertNothingTemporary();
        bench.mustBuild(spec(run("echo first"), run("echo second > /second", cache("c", "/c"))));
        assertThat(bench.hits()).isEqualTo(2);
        Lab.assertWhole(bench);
        bench.assertNothingTemporary();
    }

    /** Once. */
    private void assertTold() {
        assertThat(bench.err().split("\nThe disk of the store " + bench.store() + " is full: "))
                .hasSize(2);
    }

    @Test
    void aStepThatFillsIt() throws IOException {
        assertThat(bench.build(spec(run("dd if=/dev/zero of=/big bs=1M count=100"))))
                .isEqualTo(1);
        assertTold();
    }

    @Test
    void aStepThatFillsItThroughACache() throws IOException {
        assertThat(bench.build(spec(run("dd if=/dev/zero of=/c/big bs=1M count=100", cache("c", "/c")))))
                .isEqualTo(1);
        assertTold();
    }

    @Test
    void aCopyThatFillsIt() throws IOException {
        Tools.run(bench.context, "dd", "if=/dev/zero", "of=big", "bs=1M", "count=100");
        assertThat(bench.build(spec(copy("big", "/big")))).isEqualTo(1);
        assertTold();
    }

    @Test
    void aBaseImageThatFillsIt() throws IOException {
        Tools.run(lab.base, "dd", "if=/dev/urandom", "of=big", "bs=1M", "count=60");
        assertThat(bench.build(spec(run("echo first")))).isEqualTo(1);
        Tools.run(lab.base, "rm", "big");
        assertTold();
    }

    @Test
    void aLogThatFillsIt() throws IOException {
        assertThat(bench.build(spec(run("dd if=/dev/zero bs=1M count=100")))).isEqualTo(1);
        assertTold();
    }

    @Test
    void fullFromTheBeginning() throws IOException {
        int status = 1;
        for (int kibibytes = 0; status != 0; kibibytes = Math.max(4, 2 * kibibytes)) {
            disk.fill(kibibytes);
            bench.mustBuild(spec(run("echo first")));
            status = bench.build(spec(run("echo first"), run("echo at " + kibibytes + " KiB")));
            if (status != 0) {
                assertThat(status).isEqualTo(1);
                assertTold();
            }
            disk.free();
        }
    }
}
