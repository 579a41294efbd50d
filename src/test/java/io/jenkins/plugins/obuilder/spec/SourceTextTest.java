package io.jenkins.plugins.obuilder.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SourceTextTest {
    private static String message(String byteString, int offset) {
        return new SourceText(Bytes.toBytes(byteString), "ci.spec")
                .error(offset, "wrong")
                .getMessage();
    }

    @Test
    void theCaretStandsUnderThePlace() {
        assertThat(message("a\nbc de\nf", 5)).isEqualTo("ci.spec:2:4: wrong\nbc de\n   ^");
        assertThat(message("abc", 0)).isEqualTo("ci.spec:1:1: wrong\nabc\n^");
        assertThat(message("", 0)).isEqualTo("ci.spec:1:1: wrong\n\n^");
        assertThat(message("abc\n", 4)).isEqualTo("ci.spec:2:1: wrong\n\n^");
    }

    @Test
    void tabsStayAligned() {
        assertThat(message("\t(a\tb", 4)).isEqualTo("ci.spec:1:5: wrong\n\t(a\tb\n\t  \t^");
    }

    @Test
    void columnsCountCharactersNotBytes() {
        assertThat(message(Bytes.ofText("grüß x"), 7)).isEqualTo("ci.spec:1:6: wrong\ngrüß x\n     ^");
    }

    @Test
    void whatIsNoTextIsShownAsSuch() {
        assertThat(message("a\u00ff\u001b[2Jb\r\nc", 6)).isEqualTo("ci.spec:1:7: wrong\na\uFFFD\uFFFD[2Jb\n      ^");
        assertThat(message(Bytes.ofText("a\u202e\u200bb"), 7)).endsWith("a\uFFFD\uFFFDb\n   ^");
    }

    @Test
    void aLongLineIsCutToWhatStandsAroundTheCaret() {
        String line = "x".repeat(200) + "HERE" + "y".repeat(200);
        assertThat(message(line, 200))
                .isEqualTo("ci.spec:1:201: wrong\n…" + "x".repeat(60) + "HERE" + "y".repeat(36) + "…\n" + " ".repeat(61)
                        + "^");
        assertThat(message("x".repeat(1_000_000), 0)).hasSizeLessThan(200);
    }

    @Test
    void quotesAreCutAndVisible() {
        assertThat(SourceText.quote(Bytes.ofText("é\n"))).isEqualTo("\"é\uFFFD\"");
        assertThat(SourceText.quote("x".repeat(1000))).isEqualTo("\"" + "x".repeat(60) + "…\"");
    }
}
