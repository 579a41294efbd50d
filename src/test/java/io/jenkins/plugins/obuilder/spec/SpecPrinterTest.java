package io.jenkins.plugins.obuilder.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layouts that the reference printed for these very specs. */
class SpecPrinterTest {
    private static final String HUMAN = """
            ((build "build tools"
                    ((build inner
                            ((from a)
                             (run (shell x))))
                     (from base)
                     (run (shell "make tools"))))
             (from base)
             (comment "A test comment")
             (run (cache (a (target /data)) (b (target /srv) (buildkit_options ((sharing locked)))))
                  (network host)
                  (secrets (a (target /run/secrets/a)) (b (target /b)))
                  (shell "a very very very very very very very very very very very very very very very long command"))
             (copy (src a b) (dst c/) (exclude .git _build))
             (copy (from (build "build tools"))
                   (src a-file-with-a-rather-long-name another-one)
                   (dst /usr/local/bin/)
                   (exclude .git))
             (env MOTD  "one\\
                       \\ntwo\\
                       \\n")
             (env X "ends\\n")
             (user (uid 1) (gid 2))
             (run (shell ""))
            )""";

    private static List<String> headings(String workdir) throws SpecException {
        List<String> headings = new ArrayList<>();
        for (Op op : SpecReader.read(Bytes.toBytes(HUMAN), "f").ops()) {
            headings.add(SpecPrinter.heading(workdir, op));
        }
        return headings;
    }

    @Test
    void aWholeSpec() throws SpecException {
        Spec spec = SpecReader.read(Bytes.toBytes(HUMAN), "f");
        assertThat(SpecPrinter.human(spec)).isEqualTo(HUMAN);
    }

    @Test
    void theMachineFormHasNoBlankTooMany() throws SpecException {
        byte[] text = Bytes.toBytes("((build b ((from \"x\") )) (from \"a b\") (shell a b \"\\n\" c) (run (shell x)))");
        Spec spec = SpecReader.read(text, "f");
        assertThat(SpecPrinter.machine(spec))
                .isEqualTo("((build b((from x)))(from\"a b\")(shell a b\"\\n\"c)(run(shell x)))");
    }

    @Test
    void headingsLineUpBehindTheWorkingDirectory() throws SpecException {
        assertThat(headings("/src"))
                .contains(
                        """
                        /src: (run (cache (a (target /data)) (b (target /srv) (buildkit_options ((sharing locked)))))
                                   (network host)
                                   (secrets (a (target /run/secrets/a)) (b (target /b)))
                                   (shell "a very very very very very very very very very very very very very very very long command"))""",
                        "/src: (copy (src a b) (dst c/) (exclude .git _build))",
                        """
                        /src: (copy (from (build "build tools"))
                                    (src a-file-with-a-rather-long-name another-one)
                                    (dst /usr/local/bin/)
                                    (exclude .git))""",
                        """
                        /src: (env MOTD  "one\\
                                        \\ntwo\\
                                        \\n")""",
                        "/src: (run (shell \"\"))");
    }

    /** No box opens to the right of column 68: a blank stands at the end of the first line. */
    @Test
    void aLongWorkingDirectoryMovesTheOperationToLinesOfItsOwn() throws SpecException {
        String workdir = "/x".repeat(34);
        assertThat(headings(workdir))
                .contains(
                        workdir + ": \n  (comment \"A test comment\")",
                        workdir + ": (copy \n  (src a b)\n  (dst c/)\n  (exclude .git _build))",
                        workdir + ": \n  (env MOTD  \"one\\\n            \\ntwo\\\n            \\n\")",
                        workdir + ": (run \n  (shell \"\"))");
    }

    @Test
    void headingsOfBases() {
        assertThat(SpecPrinter.fromHeading("busybox")).isEqualTo("(from busybox)");
        assertThat(SpecPrinter.fromHeading("a b")).isEqualTo("(from \"a b\")");
        assertThat(SpecPrinter.buildHeading("a \"b\"")).isEqualTo("(build \"a \\\"b\\\"\" " + Bytes.ofText("…") + ")");
        assertThat(SpecPrinter.finishedNote("\u00e9")).isEqualTo("--> finished \"\\233\"");
    }
}
