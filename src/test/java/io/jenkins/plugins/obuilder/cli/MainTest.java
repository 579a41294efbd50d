package io.jenkins.plugins.obuilder.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command says to mistakes, and which exit status it ends with. */
class MainTest {
    private static final String SPEC = "((from busybox) (shell /bin/sh -c) (run (shell \"echo hello world\")))";

    @TempDir
    Path directory;

    private final Shell shell = new Shell();

    private Path spec(String text) throws IOException {
        return Files.writeString(directory.resolve("a.spec"), text);
    }

    private Path base() throws IOException {
        return Files.createDirectories(directory.resolve("base"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                         | which command? build, plan, | obuilder --help",
                "biuld                      | there is no command biuld  | Did you mean: obuilder build?",
                "plan --stroe x -f y        | there is no option --stroe | --store",
                "plan -f SPEC . more        | to do with more            | obuilder plan --help",
                "build -f SPEC --cpus x     | --cpus                     | is no number",
                "prune --max-items x        | --max-items                | is no whole number",
                "build -f SPEC --result /no/r | --result /no/r: there is no directory /no | make it first",
                "build -f SPEC --result /tmp | --result /tmp             | name a file",
                "build                      | '--file=FILE'              | obuilder build --help",
                "plan -f /nonexistent       | there is no spec file /non | ",
                "log 12                     | not a snapshot id          | 12",
                "plan -f SPEC --secret tok  | --secret tok               | --secret ID:FILE",
                "plan -f SPEC --secret a:/no| cannot read the value      | it does not exist",
                "plan -f SPEC --image x     | --image x                  | NAME=SOURCE",
                "plan -f SPEC --image b=taz:x | taz                      | Did you mean \"tar\"?",
                "plan -f SPEC /no/context   | the build context          | does not exist",
                "plan -f SPEC --sandbox x   | --sandbox x                | runc and user",
                "build -f SPEC --timeout 1y | --timeout 1y               | 15m",
                "build -f SPEC --parallel 0 | --parallel 0               | at least one",
            })
    void aMistakeIsToldInAFewWords(String line, String message, String hint) throws Exception {
        Path file = spec(SPEC);
        Object[] arguments = line.isEmpty()
                ? new Object[0]
                : line.replace("SPEC", file.toString()).split(" ");

        assertThat(shell.run(arguments)).isEqualTo(2);
        assertThat(shell.err())
                .contains(message)
                .contains(hint == null ? "" : hint)
                .doesNotContain("\tat ");
        assertThat(shell.err().lines()).hasSizeLessThanOrEqualTo(4);
        assertThat(shell.out()).isEmpty();
    }

    @Test
    void theValueOfAnUnknownOptionIsNotCalledUnknownToo() throws Exception {
        assertThat(shell.run("plan", "-f", spec(SPEC), "--stroe", "x", ".")).isEqualTo(2);

        assertThat(shell.err().lines()).first().isEqualTo("obuilder: there is no option --stroe");
    }

    @Test
    void aMistakeInTheSpecIsShownWithItsPlace() throws Exception {
        Path file = spec("((from busybox)\n (rnu (shell true)))");

        assertThat(shell.run("plan", "-f", file)).isEqualTo(2);
        assertThat(shell.err()).startsWith(file + ":2:3: ").contains("^").contains("\"run\"");
    }

    @Test
    void aMissingSecretIsAMistakeToo() throws Exception {
        Path file = spec("((from busybox) (run (secrets (tok (target /t))) (shell true)))");

        assertThat(shell.run("plan", "-f", file, "--image", "busybox=dir:" + base()))
                .isEqualTo(2);
        assertThat(shell.err())
                .contains("the secret \"tok\" at " + file + ":1:")
                .contains("--secret ID:FILE");
    }

    @Test
    void planNeedsOnlyTheImage() throws Exception {
        assertThat(shell.run("plan", "--base-identity", "name", "-f", spec(SPEC), "--image", "busybox=dir:" + base()))
                .isZero();
        assertThat(shell.out()).isEqualTo("""
                9d75f0d7c398df565d7ac04c6819b62d6d8f9560f5eb4672596ecd8f7e96ae91 (from busybox)
                aecdfae10fbfa8acbe71be939921bb91849c4e9630033b50ca0009e79c550df6 /: (run (shell "echo hello world"))
                """);
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void planCanPrintJson() throws Exception {
        Path file = spec("((build dev ((from busybox))) (from busybox) (copy (from (build dev)) (src x) (dst /y)))");

        assertThat(shell.run("plan", "--events", "jsonl", "-f", file, "--image", "busybox=dir:" + base()))
                .isZero();

        String[] lines = shell.out().split("\n");
        assertThat(JSON.std.mapFrom(lines[0]))
                .containsEntry("stage", "dev")
                .containsEntry("op", "from")
                .containsKey("id");
        assertThat(JSON.std.mapFrom(lines[2]))
                .containsEntry("op", "copy")
                .doesNotContainKey("id")
                .containsEntry("unknown", "known when the nested build \"dev\" has run");
    }

    @Test
    void aSpecCanComeFromStandardInput() throws Exception {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream(SPEC.getBytes(UTF_8)));
            assertThat(shell.run("dockerfile", "-f", "-")).isZero();
        } finally {
            System.setIn(before);
        }
        assertThat(shell.out()).isEqualTo("FROM busybox\nSHELL [ \"/bin/sh\", \"-c\" ]\nRUN echo hello world\n\n");
    }

    @Test
    void aReaderThatHasGoneIsNoError() throws Exception {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };

        assertThat(shell.runTo(closed, "dockerfile", "-f", spec(SPEC))).isZero();
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void theResultFileIsWrittenAlsoWhenNothingRan() throws Exception {
        Path result = directory.resolve("result.json");

        assertThat(shell.run("build", "--result", result, "-f", directory.resolve("missing")))
                .isNotZero();

        assertThat(JSON.std.mapFrom(Files.readString(result)))
                .containsEntry("status", "failed")
                .containsKey("message");
    }
}
