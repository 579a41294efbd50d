package io.jenkins.plugins.obuilder.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecErrorsTest {
    private static SpecException error(String text) {
        byte[] bytes = Bytes.toBytes(Bytes.ofText(text));
        return catchThrowableOfType(SpecException.class, () -> SpecReader.read(bytes, "ci.spec"));
    }

    @Test
    void aMessageHasPositionLineAndCaret() {
        assertThat(error("((from busybox)\n\t(rum (shell \"make é\")))\n")).hasMessage("""
                        ci.spec:2:3: unknown operation "rum". Did you mean "run"?
                        \t(rum (shell "make é")))
                        \t ^""");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '§', textBlock = """
            (cpoy (src .) (dst /))           → 2:2  → unknown operation "cpoy". Did you mean "copy"?
            (Workdir /src)                   → 2:2  → unknown operation "Workdir". Did you mean "workdir"?
            (frobnicate)                     → 2:2  → There are "run", "copy", "workdir", "shell", "env", "user", "comment"
            (run (shel x))                   → 2:7  → run has no field "shel". Did you mean "shell"?
            (run (cache (c (tagret /c))) (shell x)) → 2:17 → Did you mean "target"?
            (run (shell x) (shell y))        → 2:17 → a second time (the first is on line 2)
            (run (cache))                    → 2:1  → run lacks the field (shell …)
            (run (shell a b))                → 2:6  → takes one value, not 2
            (run "make all")                 → 2:6  → write (run (shell "…"))
            (run (shell x) y)                → 2:16 → run takes fields in parentheses
            (run ((shell x)))                → 2:6  → run takes fields in parentheses
            (run (network hots) (shell x))   → 2:15 → unknown network "hots"
            (run (network host host) (shell x)) → 2:20 → a second time
            (run (cache c) (shell x))        → 2:13 → a cache is written (ID (target PATH))
            (run (cache (c)) (shell x))      → 2:13 → lacks the field (target …)
            (run (cache ("" (target /c))) (shell x)) → 2:14 → is empty
            (run (secrets (s (target ""))) (shell x)) → 2:26 → is empty
            (run (cache (c (target /c) (buildkit_options ((a 1) (a 2))))) (shell x)) → 2:53 → a second time
            (run (cache (c (target /c) (buildkit_options x))) (shell x)) → 2:46 → written (NAME VALUE)
            (run (shell "a\\000b"))          → 2:13 → contains a NUL byte
            (copy (src a))                   → 2:1  → copy lacks the field (dst …)
            (copy (dst a))                   → 2:1  → copy lacks the field (src …)
            (copy (src) (dst a))             → 2:7  → copy has no source
            (copy (src "") (dst a))          → 2:12 → write . for the whole directory
            (copy (src a/../../b) (dst c))   → 2:12 → cannot contain ".."
            (copy (src a b) (dst c))         → 2:22 → let it end with /
            (copy (src a) (dst ""))          → 2:20 → the destination is empty
            (copy (src a) (dst b) (exclude "")) → 2:32 → is empty
            (copy (from dev) (src a) (dst b)) → 2:13 → write (from (build NAME))
            (copy (from (image x)) (src a) (dst b)) → 2:13 → write (from (build NAME))
            (copy (from (build dve)) (src a) (dst b)) → 2:20 → no build "dve" stands before this. Did you mean "dev"?
            (copy (from (build x)) (src a) (dst b)) → 2:20 → There is "dev"
            (env A)                          → 2:1  → write (env NAME VALUE)
            (env A (b))                      → 2:8  → must be a word or a string
            (env "" x)                       → 2:6  → is empty
            (env A=B x)                      → 2:6  → cannot contain "="
            (env A "\\000")                  → 2:8  → contains a NUL byte
            (workdir)                        → 2:1  → write (workdir DIRECTORY)
            (workdir "")                     → 2:10 → is empty
            (workdir "/\\000")               → 2:10 → contains a NUL byte
            (shell "" -c)                    → 2:8  → is empty
            (comment a b)                    → 2:1  → write (comment TEXT)
            (user (uid 1))                   → 2:1  → user lacks the field (gid …)
            (user (uid -1) (gid 0))          → 2:12 → a number from 0 to 2147483647, not "-1"
            (user (uid 2147483648) (gid 0))  → 2:12 → a number from 0 to 2147483647
            (user (uid 0) (gid 99999999999999999999999)) → 2:20 → a number from 0
            (user (uid 0) (name x))          → 2:1  → for Windows, (user (name NAME))
            run                              → 2:1  → an operation is written (NAME …)
            ()                               → 2:1  → an operation is written (NAME …)
            ((run))                          → 2:1  → an operation is written (NAME …)
            (from b)                         → 2:1  → a spec has one (from …)
            (build x ((from y)))             → 2:1  → nested builds stand before (from …)
            """)
    void operations(String op, String position, String problem) {
        SpecException error = error("((build dev ((from a))) (from b)\n" + op + ")");
        assertThat(error).hasMessageContaining(problem);
        assertThat(error.line() + ":" + error.column()).isEqualTo(position);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '§', textBlock = """
            ;nothing                               → 1:1  → the file holds no spec
            from                                   → 1:1  → a spec is a list
            (from x) (run (shell y))               → 1:1  → put parentheses around all of it
            ((from x)) ((from y))                  → 1:12 → a file holds one
            ((run (shell x)) (from y))             → 1:2  → operations stand after (from IMAGE)
            ((form x))                             → 1:3  → Did you mean "from"?
            ()                                     → 1:2  → ends without (from IMAGE)
            ((build x ((from y))))                 → 1:22 → ends without (from IMAGE)
            ((from))                               → 1:2  → write (from IMAGE)
            ((from x y))                           → 1:2  → write (from IMAGE)
            ((from ""))                            → 1:8  → is empty
            ((from "a\\000"))                      → 1:8  → contains a NUL byte
            ((build x (from y)) (from z))          → 1:12 → an operation is written
            ((build x (from y) (run (shell z))) (from z)) → 1:2 → all of the build in one list
            ((build x y) (from z))                 → 1:2  → all of the build in one list
            ((build (x) ((from y))) (from z))      → 1:9  → must be a word or a string
            ((build x ((from y))) (build x ((from z))) (from z)) → 1:30 → stands already on line 1
            ((build x ((from y) (copy (from (build x)) (src a) (dst b)))) (from z)) → 1:40 → no build "x" stands before
            ((build x ((build y ((from y))) (from y))) (from z) (copy (from (build y)) (src a) (dst b))) → 1:72 → There is "x"
            """)
    void specs(String text, String position, String problem) {
        SpecException error = error(text);
        assertThat(error).hasMessageContaining(problem);
        assertThat(error.line() + ":" + error.column()).isEqualTo(position);
    }
}
