package io.jenkins.plugins.obuilder.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.spec.Dockerfile.Escape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the conformance cases do not have: mostly what the reference does wrong, with Docker as the judge. */
class DockerfileTest {
    private static String of(String spec, boolean buildkit, Escape escape) throws Exception {
        return Dockerfile.of(SpecReader.read(Bytes.toBytes(Bytes.ofText(spec)), "f"), buildkit, escape);
    }

    /** The lines behind FROM and SHELL. */
    private static String op(String op, Escape escape) throws Exception {
        String file = of("((from x) (shell sh -c) " + op + ")", true, escape);
        return file.substring(file.indexOf("]\n") + 2, file.length() - 2);
    }

    private static String unix(String op) throws Exception {
        return op(op, Escape.UNIX);
    }

    @Test
    void windowsUsersAreKnownByName() throws Exception {
        assertThat(of(
                        "((from base) (workdir C:/src) (run (cache (a (target /data))) (shell \"command2 &&\n command3\"))"
                                + " (user (name Zaphod)) (copy (src a b) (dst c/)))",
                        true,
                        Escape.WINDOWS))
                .isEqualTo("""
                        #escape=`
                        FROM base
                        WORKDIR C:/src
                        RUN --mount=type=cache,id=a,target=/data command2 && `
                            command3
                        USER Zaphod
                        COPY a b c/

                        """);
    }

    @Test
    void mountOptionsFollowTheUser() throws Exception {
        assertThat(unix("(user (uid 5) (gid 6)) (run (cache (a (target /a) (buildkit_options ((sharing locked)))))"
                        + " (secrets (s (target /s))) (shell x))"))
                .isEqualTo("USER 5:6\nRUN --mount=type=secret,id=s,target=/s,uid=5"
                        + " --mount=type=cache,id=a,target=/a,uid=5,sharing=locked x");
    }

    @Test
    void aCommentOfSeveralLinesIsOneOnEach() throws Exception {
        assertThat(unix("(comment \"a\\r\\nRUN evil\")")).isEqualTo("# a\n# RUN evil");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '§', textBlock = """
            (env A "a\\"b\\\\c $HOME")       → ENV A="a\\"b\\\\c \\$HOME"
            (workdir "/a b")                 → WORKDIR /a b
            (workdir "/a$b\\"c\\\\d")        → WORKDIR "/a\\$b\\"c\\\\d"
            (workdir "/a ")                  → WORKDIR "/a "
            (shell "a\\"b" "c\\\\d" "é\\t")  → SHELL [ "a\\"b", "c\\\\d", "é\\u0009" ]
            (copy (src "a b") (dst c))       → COPY ["a b", "c"]
            (copy (src a*b?[c]) (dst $d))    → COPY ["a[*]b[?][[]c]", "\\\\$d"]
            (copy (src "a\\\\b") (dst "c\\\\d")) → COPY ["a\\\\\\\\\\\\\\\\b", "c\\\\\\\\d"]
            (copy (src --from=x) (dst c))    → COPY ["--from=x", "c"]
            (copy (src é) (dst c))           → COPY é c
            (run (shell "a \\\\\\n b"))      → RUN a \\^    b
            (run (shell "a \\\\\\\\\\n b"))  → RUN a \\\\ \\^    b
            (run (shell "a\\n b\\n\\n"))     → RUN a \\^    b
            (run (shell "\\n a\\r\\n"))      → RUN  \\^    a
            (run (shell "echo a\\\\"))       → RUN ["sh", "-c", "echo a\\\\"]
            (run (shell ""))                 → RUN ["sh", "-c", ""]
            (run (shell "cat <<E\\na\\nE"))  → RUN ["sh", "-c", "cat <<E\\u000aa\\u000aE"]
            (run (shell "a << 1"))           → RUN a << 1
            (run (shell "--x"))              → RUN ["sh", "-c", "--x"]
            (run (shell "[ \\"x\\" ]"))      → RUN ["sh", "-c", "[ \\"x\\" ]"]
            (run (shell "[ -f x ] && y"))    → RUN [ -f x ] && y
            (shell) (run (shell /bin/x))     → RUN ["/bin/x"]
            """)
    void whatDockerWouldChangeIsWrittenSoThatItDoesNot(String op, String expected) throws Exception {
        assertThat(unix(op)).isEqualTo(Bytes.ofText(expected.replace("^", "\n")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '§', textBlock = """
            (env A "a`b\\\\c\\"")            → ENV A="a``b\\c`""
            (workdir "C:\\\\a")              → WORKDIR C:\\a
            (copy (src "a b\\\\c") (dst "C:\\\\d")) → COPY ["a b\\\\c", "C:\\\\d"]
            (run (shell "a `\\n b"))         → RUN a `^    b
            (run (shell "dir C:\\\\"))       → RUN dir C:\\
            (run (shell "a`"))               → RUN ["sh", "-c", "a`"]
            """)
    void withTheGraveAccentBackslashesAreFree(String op, String expected) throws Exception {
        assertThat(op(op, Escape.WINDOWS)).isEqualTo(expected.replace("^", "\n"));
    }

    @Test
    void stagesHaveNamesOfTheirOwn() throws Exception {
        assertThat(of("""
                        ((build a ((build a ((from x))) (from y) (copy (from (build a)) (src f) (dst g))))
                         (build "1 b" ((from x)))
                         (build A ((from x)))
                         (from z)
                         (copy (from (build a)) (src f) (dst g))
                         (copy (from (build "1 b")) (src f) (dst g))
                         (copy (from (build A)) (src f) (dst g)))
                        """, false, Escape.UNIX)).isEqualTo("""
                        FROM x as a-2

                        FROM y as a
                        COPY --from=a-2 f g

                        FROM x as stage-1_b

                        FROM x as A-3

                        FROM z
                        COPY --from=a f g
                        COPY --from=stage-1_b f g
                        COPY --from=A-3 f g

                        """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '§', textBlock = """
            (env A "a\\nb")                                     → cannot hold a line break
            (env "A B" x)                                       → cannot name the variable "A B"
            (workdir "/a\\nUSER root")                          → cannot hold a line break
            (user (name "a\\nb"))                               → cannot hold a line break
            (shell "\\255")                                     → not UTF-8
            (copy (src "a \\255") (dst b))                      → not UTF-8
            (run (cache (a (target "/a,b"))) (shell x))         → a --mount option cannot hold "/a,b"
            """)
    void whatNoDockerfileCanSayIsAnErrorThatNamesTheOperation(String op, String problem) {
        String name = op.substring(0, op.indexOf(' '));
        assertThatThrownBy(() -> unix(op))
                .isInstanceOf(DockerfileException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining(": " + name);
    }

    @Test
    void theBaseIsOneWord() {
        assertThatThrownBy(() -> of("((from \"a b\"))", false, Escape.UNIX))
                .isInstanceOf(DockerfileException.class)
                .hasMessageContaining("cannot name the base image \"a b\"");
    }
}
