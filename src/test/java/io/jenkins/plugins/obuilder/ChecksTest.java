package io.jenkins.plugins.obuilder;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.FormValidation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksTest {
    private static boolean ok(FormValidation validation) {
        return validation.kind == FormValidation.Kind.OK;
    }

    @Test
    void aMistakeInASpecIsShownWithItsLineAndACaret() {
        FormValidation validation = Checks.spec("((from busybox)\r\n (run (shel \"<b>\")))");

        assertThat(validation.kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(validation.getMessage())
                .startsWith("<pre>spec:2:")
                .contains("(run (shel &quot;&lt;b&gt;&quot;)))\n")
                .contains("^")
                .endsWith("</pre>");
    }

    @Test
    void whatIsEmptyIsRight() {
        for (String empty : new String[] {null, "", "  \r\n"}) {
            assertThat(ok(Checks.spec(empty))).isTrue();
            assertThat(ok(Checks.store(empty))).isTrue();
            assertThat(ok(Checks.size(empty))).isTrue();
            assertThat(ok(Checks.positive(empty))).isTrue();
            assertThat(ok(Checks.eachLine(empty, Checks::image))).isTrue();
        }
    }

    @Test
    void aSpecIsRight() {
        assertThat(ok(Checks.spec("; ä\r\n((from busybox)\r\n (run (shell \"x\r\ny\")))\r\n")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"zfs:/Volumes/tank", "rsync:/a b", "overlayfs:/var/lib/obuilder", "btrfs:/x", "xfs:/x", "apfs:/x"
            })
    void storesAreKnown(String store) {
        assertThat(ok(Checks.store(store))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zfs", "/tank", "zfs:tank", "nfs:/x"})
    void otherStoresAreNot(String store) {
        assertThat(ok(Checks.store(store))).isFalse();
    }

    @Test
    void theFirstWrongLineIsTold() {
        assertThat(ok(Checks.eachLine("a=dir:/a\r\n\r\nb=docker-archive:/b\r\n", Checks::image)))
                .isTrue();
        assertThat(ok(Checks.eachLine("a=dir:/a\r\nb\r\n", Checks::image))).isFalse();
    }

    @Test
    void numbersAndTimes() {
        for (String right : List.of("500M", "2G", "1024")) {
            assertThat(ok(Checks.size(right))).as(right).isTrue();
        }
        for (String right : List.of("90", "90s", "15m", "2h")) {
            assertThat(ok(Checks.time(right))).as(right).isTrue();
        }
        assertThat(ok(Checks.size("2 G"))).isFalse();
        for (String right : List.of("20G", "500", "10%", "2.5 %", "100%", "0")) {
            assertThat(ok(Checks.sizeOrShare(right))).as(right).isTrue();
        }
        for (String wrong : List.of("101%", "lots", "-1G", "10%%")) {
            assertThat(ok(Checks.sizeOrShare(wrong))).as(wrong).isFalse();
        }
        assertThat(ok(Checks.time("2d"))).isFalse();
        assertThat(ok(Checks.decimal("1.5"))).isTrue();
        assertThat(ok(Checks.decimal("1,5"))).isFalse();
        assertThat(ok(Checks.accounts("6000-6003"))).isTrue();
        assertThat(ok(Checks.accounts("ob6000"))).isFalse();
        assertThat(ok(Checks.positive("0"))).isFalse();
    }
}
