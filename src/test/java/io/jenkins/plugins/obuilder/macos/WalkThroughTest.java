package io.jenkins.plugins.obuilder.macos;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.LibSystem;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/macos.md tells to do on a bare Mac, word for word. */
@Needs({Need.PRIVATE_ROOT, Need.EMULATED_MAC, Need.RSYNC})
class WalkThroughTest {
    private static final String BUILD =
            "./obuilder macos . --store=STORE -f example.macos.spec --uid=705 --fallback=/tmp --scoreboard=/tmp";

    private Path directory;
    private EmulatedMac mac;

    @BeforeEach
    void turnOn() throws IOException {
        directory = Files.createTempDirectory("mac-");
        mac = EmulatedMac.start(directory);
    }

    @AfterEach
    void turnOff() throws IOException {
        try {
            MacState.assertClean(mac);
        } finally {
            mac.close();
            EmulatedMac.remove(directory);
        }
    }

    @Test
    void withRsync() throws IOException {
        mac.must("mkdir /Users/empty && touch /Users/empty/.obuilder_profile.sh");
        mac.must("mkdir -p /Volumes/snapshots");
        String build = BUILD.replace("STORE", "rsync:/Volumes/snapshots");

        EmulatedMac.Result first = mac.sh(build).mustSucceed();

        assertThat(first.err()).isEmpty();
        assertThat(first.out().replaceAll("[0-9a-f]{64}", "ID")).isEqualTo("""
                (from empty)
                ---> saved as "ID"
                /: (run (shell "echo hello > hello.txt"))
                ---> saved as "ID"
                /: (run (shell "cat hello.txt"))
                hello
                ---> saved as "ID"
                Got: "ID"
                """);
        EmulatedMac.Result second = mac.sh(build).mustSucceed();
        assertThat(second.err()).isEmpty();
        assertThat(second.out())
                .isEqualTo(first.out().replaceAll("saved as (\"[0-9a-f]{64}\")", "using $1 from cache"));
    }

    /**
     * Not with the calls of Linux, which the engine refuses there, but with those of Darwin: a library with its constants, structures and
     * numbers of errors carries them out.
     */
    @ParameterizedTest
    @ValueSource(strings = {"rsync", "apfs"})
    @Needs(Need.CC)
    void byTheCallsOfDarwin(String store) throws IOException {
        LibSystem.compile(mac.file("/obuilder"));
        Map<String, String> darwin =
                Map.of("MAC_JVM", String.join(" ", LibSystem.jvmOptions(Path.of("/obuilder/libsystem.so"))));
        mac.must("mkdir /Users/empty && touch /Users/empty/.obuilder_profile.sh && mkdir -p /Volumes/snapshots");
        String build = BUILD.replace("STORE", store + ":/Volumes/snapshots");

        EmulatedMac.Result first = mac.start(build, darwin).join().mustSucceed();

        assertThat(first.err()).isEmpty();
        assertThat(first.out()).contains("\nhello\n");
        EmulatedMac.Result second = mac.start(build, darwin).join().mustSucceed();
        assertThat(second.out())
                .isEqualTo(first.out().replaceAll("saved as (\"[0-9a-f]{64}\")", "using $1 from cache"));
        if (store.equals("rsync")) {
            assertThat(mac.start("./obuilder doctor", darwin).join().out())
                    .contains("ok   system call          make files\n")
                    .as("which Darwin alone has")
                    .contains("ok   system call          clone directories\n")
                    .doesNotContain("no   system call");
        }
    }

    /** What runs on a real Mac runs here, too. */
    @Test
    void theScriptForARealMac() throws IOException {
        Files.createDirectories(mac.file("/obuilder/src/test/sh"));
        Files.copy(Path.of("src/test/sh/macos-e2e"), mac.file("/obuilder/src/test/sh/macos-e2e"));
        assertThat(mac.must("bash src/test/sh/macos-e2e")).endsWith("macos-e2e: passed\n");
    }
}
