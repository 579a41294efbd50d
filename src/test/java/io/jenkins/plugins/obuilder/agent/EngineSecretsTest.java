package io.jenkins.plugins.obuilder.agent;

import static io.jenkins.plugins.obuilder.agent.EngineBench.run;
import static io.jenkins.plugins.obuilder.agent.EngineBench.secrets;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets on their way from the controller to a step. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.RSYNC, Need.BUSYBOX_STATIC})
class EngineSecretsTest {
    private static final String VALUE = "Kx4-only-the-step-may-know-7Qz";
    private static final String KEY = "-----BEGIN-----\nAAAAB3NzaC1yc2EAAAADAQABAAABgQ\nC7v3Rk9eXw5mZ\n-----END-----\n";
    private static final String MOUNTS =
            "(secrets (token (target /run/secrets/token)) (key (target /run/secrets/key)))";

    @TempDir
    Path directory;

    private SecondJvm agent;
    private EngineBench bench;

    @BeforeEach
    void connect() throws Exception {
        agent = SecondJvm.start();
        bench = new EngineBench(directory, agent);
    }

    @AfterEach
    void disconnect() throws Exception {
        agent.close();
    }

    @Test
    void aStepGetsThemAndTheLogDoesNotShowThem() throws Exception {
        String spec = run(
                "cd /run/secrets; wc -c token key; cat token; echo; cat key; base64 key; sed 's/^/  > /' key; for i in $(seq 2000);"
                        + " do cat token; echo -n .; done; echo end",
                MOUNTS);
        bench.toTheEnd(bench.start(bench.text(spec), secrets("token", VALUE, "key", KEY)))
                .result();

        assertThat(bench.output())
                .contains(VALUE.length() + " token")
                .contains(KEY.length() + " key")
                .contains("\n****\n****\n****\n")
                .contains("  > ****\n  > ****\n")
                .contains("****.".repeat(2000) + "end");
        assertUnseen();
        everyFile(directory, this::assertHoldsNone);
    }

    @Test
    void whileTheStepRunsTheyAreInNoFileNoArgumentAndNoEnvironment() throws Exception {
        EngineProcess engine = bench.start(
                bench.text(run("cat /run/secrets/token; echo started; sleep 1004", MOUNTS)),
                secrets("token", VALUE, "key", KEY));
        bench.untilItPrints(engine, "started\n");

        everyFile(Path.of(engine.control()), this::assertHoldsNone);
        for (String process : processes()) {
            for (String file : List.of("cmdline", "environ")) {
                assertThat(readIfThere(Path.of("/proc", process, file)))
                        .as(process + " " + file)
                        .doesNotContain(VALUE);
            }
        }
        engine.stop(bench.workspace);
        bench.toTheEnd(engine);
        assertUnseen();
    }

    @Test
    void aSecretWithoutAValueIsToldBeforeAnythingRuns() throws Exception {
        EngineProcess.Progress end =
                bench.toTheEnd(bench.start(bench.text(run("echo ran", MOUNTS)), secrets("token", VALUE)));

        assertThatThrownBy(end::result)
                .hasMessageContaining("no value for the secret \"key\"")
                .hasMessageContaining("secrets of the build step");
        assertThat(bench.output()).doesNotContain("ran");
    }

    @Test
    void whatIsHiddenIsHiddenThoughNoSecretHasIt() throws Exception {
        BuildSecrets login = new BuildSecrets(
                secrets("token", "me:" + VALUE, "key", KEY).values(), List.of(VALUE.getBytes(ISO_8859_1)));
        bench.toTheEnd(bench.start(bench.text(run("cut -d: -f2 /run/secrets/token", MOUNTS)), login))
                .result();

        assertThat(bench.output()).contains("\n****\n");
        assertUnseen();
    }

    private void assertUnseen() {
        assertThat(bench.output())
                .doesNotContain(VALUE)
                .doesNotContain("AAAAB3Nza")
                .doesNotContain("C7v3Rk9eXw5mZ");
        assertThat(bench.log.marks.toString()).doesNotContain(VALUE);
    }

    private void assertHoldsNone(Path file) throws IOException {
        String text = readIfThere(file);
        for (String part : List.of(VALUE, "AAAAB3NzaC1yc2E", "C7v3Rk9eXw5mZ")) {
            assertThat(text.contains(part)).as(part + " in " + file).isFalse();
        }
    }

    private static List<String> processes() throws IOException {
        List<String> numbers = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            all.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("\\d+"))
                    .filter(name ->
                            Long.parseLong(name) != ProcessHandle.current().pid())
                    .forEach(numbers::add);
        }
        return numbers;
    }

    private static String readIfThere(Path file) {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (NoSuchFileException e) {
            return ""; // a process that has ended, a file that was renamed
        } catch (IOException e) {
            assertThat(file).as(e.toString()).startsWith(Path.of("/proc"));
            return "";
        }
    }

    private interface Look {
        void at(Path file) throws IOException;
    }

    private static void everyFile(Path top, Look look) throws IOException {
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                look.at(file);
            }
        }
    }
}
