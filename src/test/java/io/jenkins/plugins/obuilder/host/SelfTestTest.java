package io.jenkins.plugins.obuilder.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.LibSystem;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The self-test passes where all is as it is taken to be, and tells what is not. */
class SelfTestTest {
    @TempDir
    Path temp;

    @Test
    void passesHere() throws IOException {
        Path directory = Files.createDirectory(temp.resolve("directory"));
        List<SelfTest.Finding> findings = SelfTest.run(directory, new SystemCommands());
        assertThat(findings)
                .hasSizeGreaterThan(15)
                .allSatisfy(finding ->
                        assertThat(finding.problem()).as(finding.what()).isEmpty());
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    @Needs({Need.CC, Need.PRIVATE_ROOT})
    void passesByTheCallsOfDarwin() throws Exception {
        assertThat(problems()).singleElement().asString().startsWith("all tried: ");
    }

    @Test
    @Needs({Need.CC, Need.PRIVATE_ROOT})
    void tellsThatAStructureIsLaidOutInAnotherWay() throws Exception {
        assertThat(problems("-DOTHER_LAYOUT"))
                .anyMatch(line -> line.startsWith("what the system says of files: ") && line.contains("expected"));
    }

    /** What Apple silicon does to an argument that is passed as if it were none of a variable number. */
    @Test
    @Needs({Need.CC, Need.PRIVATE_ROOT})
    void tellsThatAnArgumentDoesNotArrive() throws Exception {
        assertThat(problems("-DNO_VARARGS"))
                .anyMatch(
                        line -> line.startsWith("make files: permissions of a file that was made: expected 600, got "));
    }

    /** In a JVM of its own, which takes its kernel for Darwin. */
    private List<String> problems(String... options) throws Exception {
        Path library = LibSystem.compile(temp, options);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(LibSystem.jvmOptions(library));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SelfTestProgram.class.getName()));
        command.add(Files.createDirectory(temp.resolve("directory")).toString());
        Path output = temp.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.waitFor();
        return Files.readAllLines(output, StandardCharsets.UTF_8);
    }
}
