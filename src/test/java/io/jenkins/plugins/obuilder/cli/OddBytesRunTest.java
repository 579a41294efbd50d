package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.TreeListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Specs with bytes that are no UTF-8, empty strings, newlines and quotes, really built: everything arrives as it was written. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.BUSYBOX_STATIC, Need.OVERLAYFS, Need.RSYNC})
class OddBytesRunTest {
    /** Prints the bytes of $ODD in hexadecimal. */
    private static final String HEX = "printf %s \"$ODD\" | od -An -v -tx1 | tr -d ' \\n'";

    @TempDir
    static Path shared;

    private static Path busybox;

    @TempDir
    Path directory;

    @BeforeAll
    static void makeBase() throws IOException {
        busybox = BusyboxTree.make(shared.resolve("busybox"));
    }

    private Workbench bench(String store) throws IOException {
        return new Workbench(directory, store).with("--image", "busybox=dir:" + busybox);
    }

    /** A byte string as an atom, every byte escaped. */
    private static String atom(String byteString) {
        StringBuilder atom = new StringBuilder("\"");
        byteString.chars().forEach(b -> atom.append(String.format("\\x%02x", b)));
        return atom.append('"').toString();
    }

    private static String hex(String byteString) {
        StringBuilder hex = new StringBuilder();
        byteString.chars().forEach(b -> hex.append(String.format("%02x", b)));
        return hex.toString();
    }

    private static String spec(String... ops) {
        return "((from busybox) (shell /bin/sh -c)\n" + String.join("\n", ops) + ")";
    }

    private static String allBytes() {
        StringBuilder all = new StringBuilder();
        for (int b = 1; b < 256; b++) {
            all.append((char) b);
        }
        return all.toString();
    }

    @Test
    void environmentValuesHaveAnyByte() throws IOException {
        Workbench bench = bench("overlayfs");

        bench.mustBuild(spec("(env ODD " + atom(allBytes()) + ")", "(run (shell " + atom(HEX) + "))"));

        assertThat(bench.out()).contains("\n" + hex(allBytes()) + "---> saved as");
    }

    @Test
    void commandsHaveAnyByte() throws IOException {
        Workbench bench = bench("overlayfs");
        String odd = allBytes().replace("'", "");

        bench.mustBuild(spec("(run (shell " + atom("printf %s '" + odd + "'") + "))"));

        assertThat(bench.out()).contains(odd + "---> saved as");
    }

    @Test
    void rawBytesInTheSpecAreTheSameAsEscapedOnes() throws IOException {
        Workbench bench = bench("overlayfs");
        String command = "echo 'ÿ\u00c3\u00bc \u0080'";

        bench.mustBuild(spec("(env A '\u00fe')", "(run (shell \"" + command + "\"))"));
        List<String> ids = bench.ids();
        bench.mustBuild(spec("(env A \"'\\254'\")", "(run (shell " + atom(command) + "))"));

        assertThat(bench.ids()).isEqualTo(ids);
        assertThat(bench.out())
                .contains("/: (env A \"'\\254'\")\n")
                .contains("(run (shell \"echo '\\255\\195\\188 \\128'\"))\n\u00ff\u00c3\u00bc \u0080\n--->");
    }

    @Test
    void newlinesAndQuotesStayInTheHeadingsAndArrive() throws IOException {
        Workbench bench = bench("overlayfs");

        bench.mustBuild(spec(
                "(env ODD \"a\\n\\\"b\\\" 'c'\\\\\\t\")",
                "(run (shell \"" + HEX.replace("\\", "\\\\").replace("\"", "\\\"") + "\\n\\n\\necho; # last\\n\"))"));

        assertThat(bench.out())
                .contains("/: (env ODD  \"a\\\n            \\n\\\"b\\\" 'c'\\\\\\t\")\n")
                .contains("\n" + hex("a\n\"b\" 'c'\\\t") + "\n---> saved as");
    }

    @Test
    void emptyStringsAreStrings() throws IOException {
        Workbench bench = bench("overlayfs");

        bench.mustBuild(spec(
                "(comment \"\")",
                "(env EMPTY \"\")",
                "(run (shell \"\"))",
                "(run (shell \"[ -z \\\"${EMPTY-unset}\\\" ] && echo empty\"))",
                "(shell /bin/sh -c \"[ $# = 2 ] && [ -z \\\"$1\\\" ] && echo empty argument\" zero \"\")",
                "(run (shell ignored))"));

        assertThat(bench.out()).contains("\nempty\n--->").contains("\nempty argument\n--->");
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlayfs", "rsync"})
    void fileNamesHaveAnyByte(String store) throws IOException {
        Workbench bench = bench(store);
        String odd = allBytes().replace("/", "").replace(".", "");
        List<String> names = List.of(odd.substring(0, 200), odd.substring(200), "-rf", "..x", " ", "\n", "\u00ff");
        try (Dir context = Dir.open(bench.context)) {
            for (String name : names) {
                try (Dir made = context.makeDir(name, 0755)) {
                    made.createFile("in" + name.substring(0, 1), 0644).close();
                    made.symlink("to", name);
                }
            }
        }
        StringBuilder ops = new StringBuilder("(copy (src .) (dst /all/))\n");
        for (String name : names) {
            ops.append("(copy (src ")
                    .append(atom(name))
                    .append(") (dst ")
                    .append(atom("/one/" + name))
                    .append("))\n");
        }
        // A nested build's files with such names can be copied, too, and are what they were.
        bench.mustBuild("((build dev " + spec(ops.toString()) + ")\n(from busybox) (shell /bin/sh -c)\n"
                + "(copy (from (build dev)) (src all one) (dst /from/))\n"
                + "(run (shell \"cd /from; find all -mindepth 2 -exec echo x ';' | wc -l\")))");

        assertThat(bench.out()).contains("\n" + names.size() * 2 + "\n---> saved as");
        bench.inspect(rootfs -> {
            SortedMap<String, String> all = TreeListing.withoutDirectoryTimes(rootfs.resolve("from/all"));
            assertThat(TreeListing.withoutDirectoryTimes(rootfs.resolve("from/one"))
                            .tailMap("\u0001"))
                    .isEqualTo(all.tailMap("\u0001"));
            assertThat(all).containsKeys(names.toArray(new String[0])).hasSize(1 + 3 * names.size());
            try (Dir last = Dir.open(rootfs.resolve("from/all"));
                    Dir one = last.openDir(names.get(0))) {
                assertThat(one.readLink("to")).isEqualTo(names.get(0));
            }
        });
    }

    @Test
    void cachesAndSecretsHaveOddNames() throws IOException {
        Workbench bench = bench("overlayfs");
        Path value = Files.write(directory.resolve("value"), new byte[] {(byte) 0xff, 0, '\n'});
        String spec =
                spec("(run (cache (" + atom("../c \u00ff\n") + " (target /c))) (secrets (ö (target \"/run/s ö\")))"
                        + " (shell \"cat '/run/s ö'; ls /c; touch /c/seen\"))");
        String bytes = Bytes.ofText(spec);

        bench.mustBuild(bytes, "--secret", "ö:" + value);
        bench.mustBuild(bytes.replace("ls /c;", "ls /c/;"), "--secret", "ö:" + value);

        assertThat(bench.out()).contains("\n\u00ff\u0000\nseen\n--->");
    }

    @Test
    void whatNothingCanBeMadeOfIsAnErrorWithItsPlace() throws IOException {
        Workbench bench = bench("overlayfs");

        assertThat(bench.build(spec("(run (shell \"a\\000b\"))"))).isEqualTo(2);
        assertThat(bench.err()).contains("a.spec:2:").contains("NUL");
        assertThat(bench.build(spec("(run (cache (\"\" (target /c))) (shell true))")))
                .isEqualTo(2);
        assertThat(bench.err()).contains("a.spec:2:14: the id of the cache is empty");
    }
}
