package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.cli.EngineProcess;
import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.testing.Gate;
import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that has a fault in the middle of a build, after which the system lets nobody write to it; and clearing up that fails. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC, Need.LOOP_DEVICES})
class ReadOnlyDiskTest {
    private static final int MEBIBYTES = 64;

    @TempDir
    Path directory;

    private Path image;
    private Path place;
    private Lab lab;
    private Workbench bench;
    private LoopDisk disk;

    @BeforeEach
    void mount() throws IOException {
        lab = new Lab(directory);
        image = directory.resolve("disk.img");
        place = directory.resolve("disk");
        disk = LoopDisk.mount(image, MEBIBYTES, place, "mkfs.ext4", "-q", "-m", "0");
        bench = new Workbench(directory, "overlayfs", place.resolve("store"))
                .with("--image", "busybox=dir:" + lab.base, "--min-free", "0");
        build(0);
    }

    /** In a process of its own: this one would go on using SQLite's library, which lies in the store. */
    private String build(int status) throws IOException {
        try (EngineProcess process = bench.start(spec(run("echo first")))) {
            assertThat(process.join()).as(process.out() + process.err()).isEqualTo(status);
            return process.err();
        }
    }

    @AfterEach
    void everythingWorksAgain() throws IOException {
        try {
            bench.mustBuild(spec(run("echo first"), run("echo second")));
            assertThat(bench.hits()).isGreaterThanOrEqualTo(2);
            Lab.assertWhole(bench);
        } finally {
            disk.close();
        }
        lab.assertNothingLeft(bench);
    }

    private static String step(Gate gate) {
        return run(gate.pass("here").replace("| nc", "| busybox nc") + "; echo passed", "(network host)");
    }

    private void assertTold(String said) {
        assertThat(said)
                .contains("Read-only file system")
                .contains("The disk of the store " + bench.store() + " is read-only: ");
    }

    @Test
    void aDiskThatBecomesReadOnlyIsToldAsSuch() throws Exception {
        try (Gate gate = Gate.closed();
                EngineProcess process = bench.start(spec(run("echo first"), step(gate)))) {
            gate.awaitArrivals(1);
            Tools.run(place, "mount", "-o", "remount,abort", place.toString());
            gate.letThrough();
            assertThat(process.join()).as(process.out() + process.err()).isEqualTo(1);
            assertTold(process.err());
        }
        assertTold(build(1));
        Mounts.unmountAll(place);
        Tools.run(directory, "sh", "-c", "fsck.ext4 -fy " + image + " || [ $? = 1 ]");
        Tools.run(directory, "mount", "-o", "loop", image.toString(), place.toString());
    }

    @Test
    void clearingUpThatFailsCostsNoFinishedBuild() throws Exception {
        Path foreign;
        try (Gate gate = Gate.closed();
                EngineProcess process = bench.start(spec(step(gate)))) {
            gate.awaitArrivals(1);
            foreign = Files.createDirectory(ofTheProcess().resolve("foreign"));
            Tools.run(place, "mount", "-t", "tmpfs", "tmpfs", foreign.toString());
            gate.letThrough();
            assertThat(process.join()).as(process.out() + process.err()).isZero();
            assertThat(process.out()).contains("\npassed\n").contains("\nGot: ");
            assertThat(process.err())
                    .contains("could not clear up after the build")
                    .contains("something is mounted");
        }
        Mounts.unmount(foreign);
    }

    private Path ofTheProcess() throws IOException {
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(bench.store().resolve("state/processes"), Files::isDirectory)) {
            return all.iterator().next();
        }
    }
}
