package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.cache;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.cli.EngineProcess;
import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.testing.LoopDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees are used when they are whole, and have all that was put into them: in OBuilder not so on xfs and rsync. */
@ParameterizedClass
@ValueSource(strings = {"overlayfs", "rsync", "xfs"})
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.RSYNC, Need.OVERLAYFS, Need.XFS, Need.BUSYBOX_STATIC, Need.LOOP_DEVICES})
class WholeTreesTest {
    /** The least that xfs takes. */
    private static final int MEBIBYTES = 320;

    private static final String MARK = "half-done";

    @Parameter
    String store;

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    private Lab lab;
    private Workbench bench;
    private Closeable disk = () -> {};

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(directory);
        if (store.equals("xfs")) {
            Path place = elsewhere.resolve("disk");
            disk = LoopDisk.mount(elsewhere.resolve("disk.img"), MEBIBYTES, place, "mkfs.xfs", "-q");
            bench = new Workbench(directory, store, place.resolve("store")).with("--image", "busybox=dir:" + lab.base);
        } else {
            bench = lab.bench(store);
        }
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        try {
            lab.assertNothingLeft(bench);
            Lab.assertWhole(bench);
        } finally {
            disk.close();
        }
    }

    @Test
    void aStepThatWasKilledStartsAnewAndNotInItsHalfDoneTree() throws Exception {
        String step = run("echo line >> /log.txt; cat /log.txt; [ -e /c/go-on ] || " + Lab.FOREVER, cache("c", "/c"));
        try (EngineProcess process = bench.start(spec(step))) {
            process.awaitOutput("line\n");
            process.kill();
        }
        bench.mustBuild(spec(run("touch /c/go-on", cache("c", "/c"))));

        bench.mustBuild(spec(step));

        bench.inspect(rootfs -> assertThat(rootfs.resolve("log.txt")).hasContent("line"));
    }

    @Test
    void anImportThatWasKilledStartsAnew() throws Exception {
        int files = 3000;
        Path many = Files.createDirectory(lab.base.resolve("many"));
        for (int i = 0; i < files; i++) {
            Files.createFile(many.resolve("file" + i));
        }
        Path drafts = bench.store().resolve(store.equals("overlayfs") ? "in-progress" : "result-tmp");
        try (EngineProcess process = bench.start(spec())) {
            await().pollInterval(Duration.ofMillis(1)).until(() -> isUnpacking(drafts));
            process.kill();
        }
        assertThat(bench.store().resolve("result")).isEmptyDirectory();
        leaveMarks(drafts);

        bench.mustBuild(spec());

        bench.inspect(rootfs -> {
            try (Stream<Path> unpacked = Files.list(rootfs.resolve("many"))) {
                assertThat(unpacked).hasSize(files);
            }
            assertThat(rootfs.resolve(MARK)).as("what was there before").doesNotExist();
        });
    }

    /** So that what is used again can be told from what is made anew, however much of it was there. */
    private static void leaveMarks(Path drafts) throws IOException {
        try (Stream<Path> all = Files.list(drafts)) {
            for (Path draft : (Iterable<Path>) all::iterator) {
                Files.createFile(draft.resolve("rootfs").resolve(MARK));
            }
        }
    }

    private static boolean isUnpacking(Path drafts) throws IOException {
        if (!Files.isDirectory(drafts)) {
            return false;
        }
        try (Stream<Path> all = Files.list(drafts)) {
            return all.anyMatch(draft -> Files.exists(draft.resolve("rootfs/bin")));
        }
    }

    @Test
    void capabilitiesAndAttributesArriveAndStay() throws Exception {
        Tools.run(
                lab.base,
                "sh",
                "-ec",
                "cp bin/busybox capable; setcap cap_net_raw+ep capable; touch odd; setfattr -n user.odd -v value odd;"
                        + " setfacl -m u:12:rw odd; tar --xattrs --xattrs-include='*' --acls -cf ../base.tar .");
        for (String source : new String[] {"dir:" + lab.base, "tar:" + directory.resolve("base.tar")}) {
            Workbench from = new Workbench(directory, store, bench.store()).with("--image", "busybox=" + source);
            from.mustBuild(spec(run("echo 1 > /one; echo " + source), run("echo 2 > /two"), run("echo " + source)));
            from.inspect(rootfs -> {
                assertThat(Tools.run(rootfs, "getcap", "capable")).contains("cap_net_raw");
                assertThat(Tools.run(rootfs, "getfattr", "--only-values", "-n", "user.odd", "odd"))
                        .isEqualTo("value");
                assertThat(Tools.run(rootfs, "getfacl", "-cn", "odd")).contains("user:12:rw");
            });
        }
    }
}
