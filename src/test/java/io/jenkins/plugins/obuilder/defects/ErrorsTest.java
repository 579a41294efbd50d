package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.copy;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What OBuilder answers with "internal error, uncaught exception" or too late, and what its database gets wrong. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.RSYNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC})
class ErrorsTest {
    @TempDir
    Path directory;

    private Lab lab;
    private Workbench bench;

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(directory);
        bench = lab.bench("overlayfs");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "((from busybox) (runn (shell true)))                  | 1:18: | Did you mean \"run\"?",
                "((from busybox)                                       | 1:1:  | )",
                "((from busybox) (run (shell \"never closed)))         | 1:29: | \"",
                "((run (shell true)))                                  | 1:2:  | from",
                "((from busybox) (copy (src x)))                       | 1:17: | dst",
                "((from busybox) (run (network hots) (shell true)))    | 1:31: | the only one is host",
                "((from busybox) (user (uid one) (gid 1)))             | 1:28: | number",
            })
    void aMistakeInASpecIsToldWithItsPlaceAndNothingIsRun(String spec, String place, String hint) throws Exception {
        assertThat(bench.build(spec)).isEqualTo(2);

        assertThat(bench.err()).contains("a.spec:" + place).contains(hint).doesNotContainIgnoringCase("exception");
        assertThat(bench.out()).isEmpty();
    }

    @Test
    void anUnknownNetworkIsToldBeforeAnythingRuns() throws Exception {
        assertThat(bench.build(spec(run("true"), run("true", "(network elsewhere)"))))
                .isEqualTo(2);

        assertThat(bench.err()).contains("a.spec:3:").contains("elsewhere");
        assertThat(bench.out()).isEmpty();
    }

    @Test
    void theFieldsOfAUserMayComeInAnyOrder() throws Exception {
        bench.mustBuild(spec("(user (gid 12) (uid 34))", run("id -u; id -g")));

        assertThat(bench.out()).contains("\n34\n12\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rsync                      | does not say where it lies: write rsync:PATH",
                "zfs:                       | write zfs:POOL",
                "btrsf:/x                   | there is no store",
                "/var/lib/store             | KIND being one of overlayfs, btrfs, xfs, apfs, zfs, rsync, such as overlayfs:/var/lib/store",
                "overlayfs:/proc/nowhere    | cannot open the store overlayfs:/proc/nowhere: /proc/nowhere: it does not exist",
                "rsync:/bin/busybox         | cannot open the store rsync:/bin/busybox: /bin/busybox: it is no directory",
            })
    void aStoreThatCannotBeIsToldInAFewWords(String store, String message) throws Exception {
        assertThat(bench.command("build", "-f", bench.writeSpec(spec()), "--store", store))
                .isIn(1, 2);

        assertThat(bench.err()).contains(message).doesNotContainIgnoringCase("exception");
        assertThat(bench.err().lines()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void whatANestedBuildHasNotIsToldByTheBuildsName() throws Exception {
        String spec = "((build tools ((from busybox) (shell /bin/sh -c) " + run("mkdir /d; touch /d/there")
                + ")) (from busybox) (copy (from (build tools)) (src /d/ther) (dst /x)))";

        assertThat(bench.build(spec)).isEqualTo(1);

        assertThat(bench.err())
                .contains("cannot copy \"d/ther\": there is no \"ther\" in /d of the result of the build \"tools\"."
                        + " Did you mean \"there\"?")
                .doesNotContain(bench.store().toString());
    }

    @Test
    void aDestinationBelowAFileIsToldWithWhatWasGoingToBeCopied() throws Exception {
        Files.createDirectories(bench.context.resolve("d"));

        assertThat(bench.build(spec(copy("d", "/bin/sh")))).isEqualTo(1);

        assertThat(bench.err())
                .contains("cannot copy to \"/bin/sh\": \"bin/busybox\", in which it should lie, is no directory");
    }

    @Test
    void rsyncNeedsNoMode() throws Exception {
        Workbench rsync = lab.bench("rsync");

        rsync.mustBuild(spec(run("echo first")));
    }

    @Test
    void aFailedFetchTellsWhatFailedAndWhere() throws Exception {
        Workbench lost =
                new Workbench(directory, "overlayfs").with("--image", "busybox=tar:" + directory.resolve("no.tar"));

        assertThat(lost.build(spec())).isEqualTo(1);

        assertThat(lost.err())
                .contains("a.spec:1:")
                .contains("(from busybox)")
                .contains(directory.resolve("no.tar").toString())
                .doesNotContain("Failure(")
                .doesNotContainIgnoringCase("exception");
    }

    @Test
    void aLostResultThatIsBuiltAgainDoesNotPinItsParent() throws Exception {
        String spec = spec(run("echo one > /one"));
        bench.mustBuild(spec);
        String base = bench.ids().get(0);
        String lost = bench.ids().get(1);
        Files.move(bench.store().resolve("result").resolve(lost), directory.resolve("lost"));

        bench.mustBuild(spec);

        try (SharedStore store = bench.open()) {
            assertThat(store.index().all())
                    .filteredOn(row -> row.id().hex().equals(base))
                    .singleElement()
                    .satisfies(row -> assertThat(row.children()).isEqualTo(1));
        }
    }
}
