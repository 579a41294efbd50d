package io.jenkins.plugins.obuilder.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every expectation here is what sexplib's own {@code load_sexp} answers, unless it says otherwise. */
class SexpReaderTest {
    /** All that is read, in machine form; {@code ^} stands for a newline in a CSV column, {@code ~} for a carriage return. */
    private static String read(String text) throws SpecException {
        byte[] bytes = Bytes.toBytes(text.replace('^', '\n').replace('~', '\r'));
        List<Sexp> all = SexpReader.readAll(new SourceText(bytes, "f"));
        return all.stream().map(MachineForm::toString).collect(Collectors.joining(" "));
    }

    private static SpecException error(String text) {
        return catchThrowableOfType(SpecException.class, () -> read(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '§', textBlock = """
            (a b)               → (a b)
            a"b"c               → a b c
            (a)b                → (a) b
            ("b"c)              → (b c)
            a#b                 → a#b
            #                   → #
            (##)                → (##)
            a|b                 → a|b
            (|)                 → (|)
            a;b^c               → a c
            ; x~^a              → a
            a~^b                → a b
            #;a b               → b
            #;#;a b c           → c
            (#;#;a b c)         → (c)
            #; ; x^ a b         → b
            #;(a #;(b) c) d     → d
            #|a|# b             → b
            #||# b              → b
            #|||# b             → b
            #| #| |# |# b       → b
            #| ## #| |# |# b    → b
            #|;|# b             → b
            #| "|#" |# b        → b
            #| "\\"|#" |# b     → b
            a #| b |# c         → a c
            """)
    void commentsAndWords(String text, String expected) throws SpecException {
        assertThat(read(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '§', textBlock = """
            ""            → ""
            "a b"         → "a b"
            "\\n\\t\\r\\b"→ "\\n\\t\\r\\b"
            "\\\\\\"\\'"  → "\\\\\\"'"
            "\\065\\x41\\x4a" → AAJ
            "\\000\\255"  → "\\000\\255"
            "a\\^  \t b"  → ab
            "a\\~^  b"    → ab
            "a\\^^b"      → "a\\nb"
            "a\\~b"       → "a\\rb"
            "a~^b"        → "a\\r\\nb"
            "a^b"         → "a\\nb"
            "\\q"         → "\\\\q"
            "a\\ b"       → "a\\\\ b"
            "#|"          → "#|"
            """)
    void strings(String text, String expected) throws SpecException {
        assertThat(read(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '§', textBlock = """
            (a^ (b)             → 1:1 → never closed
            ^ a)                → 2:3 → closes nothing
            (a^#; )             → 2:1 → nothing follows
            a #;                → 1:3 → nothing follows
            a#|b                → 1:2 → quote it
            a|#b                → 1:2 → quote it
            ##|a                → 1:2 → quote it
            ||#a                → 1:2 → quote it
            |#                  → 1:1 → closes no comment
            ^#| "|#" #| |#      → 2:1 → never closed
            #| #|               → 1:4 → never closed
            #| " |#             → 1:4 → never closed
            #| '"' |# a         → 1:5 → never closed
            #| "\\400" |# a     → 1:5 → three of them
            "a^b                → 1:1 → never closed
            "a\\                → 1:1 → never closed
            "\\256"             → 1:2 → three of them
            "\\06"              → 1:2 → three of them
            "\\xg0"             → 1:2 → hexadecimal
            "é\\x4"             → 1:3 → hexadecimal
            a~b                 → 1:2 → carriage return
            ; a~b               → 1:4 → carriage return
            """)
    void errorsSayWhere(String text, String position, String problem) {
        SpecException error = error(Bytes.ofText(text));
        assertThat(error).as("what is refused").isNotNull();
        assertThat(error.line() + ":" + error.column()).isEqualTo(position);
        assertThat(error.problem()).contains(problem);
    }

    /** Here the reference refuses, and nobody gains by it. */
    @Test
    void aLineCommentMayEndTheFileAndAByteOrderMarkBeginIt() throws SpecException {
        assertThat(read("a ; b")).isEqualTo("a");
        assertThat(read(Bytes.ofText("\uFEFF(a)"))).isEqualTo("(a)");
    }

    @Test
    void allBytesAreRead() throws SpecException {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 256; c++) {
            all.append(c);
        }
        byte[] text = Bytes.toBytes(Atoms.quoted(all.toString()));
        assertThat(SexpReader.readAll(new SourceText(text, "f"))).containsExactly(new Sexp.Atom(all.toString(), 0));
        assertThat(read("a\u000bb\0\u00ff")).isEqualTo("\"a\\011b\\000\\255\"");
    }

    @Test
    void depthIsBoundedWithAnErrorThatSaysWhere() throws SpecException {
        int most = SexpReader.MAX_DEPTH;
        assertThat(read("(".repeat(most) + ")".repeat(most))).hasSize(2 * most);
        SpecException error = error("\n" + "(".repeat(1_000_000));
        assertThat(error.line() + ":" + error.column()).isEqualTo("2:" + (most + 1));
        assertThat(error("#|".repeat(1_000_000))).hasMessageContaining("never closed");
        assertThat(error("#;".repeat(1_000_000))).hasMessageContaining("nothing follows");
    }
}
