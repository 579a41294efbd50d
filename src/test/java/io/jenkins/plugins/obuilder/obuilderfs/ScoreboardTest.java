package io.jenkins.plugins.obuilder.obuilderfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreboardTest {
    @TempDir
    private Path directory;

    private Scoreboard scoreboard;

    @BeforeEach
    void open() throws IOException {
        scoreboard = Scoreboard.open(directory);
    }

    @AfterEach
    void close() throws IOException {
        scoreboard.close();
    }

    @Test
    void leadsAUserToItsHomeUntilItIsCleared() throws IOException {
        assertThat(scoreboard.home(6000)).isEmpty();

        scoreboard.lead(6000, Path.of("/Users/mac 6000"));
        assertThat(scoreboard.home(6000)).contains("/Users/mac 6000");
        assertThat(Files.readSymbolicLink(directory.resolve("6000"))).isEqualTo(Path.of("/Users/mac 6000"));

        scoreboard.lead(6000, Path.of("/other"));
        assertThat(scoreboard.home(6000)).contains("/other");

        scoreboard.clear(6000);
        scoreboard.clear(6000);
        assertThat(scoreboard.home(6000)).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aUserIsLedSomewhereAtEveryMomentWhileItsHomeIsReplaced() throws Exception {
        scoreboard.lead(6000, Path.of("/home/0"));
        AtomicBoolean done = new AtomicBoolean();
        Thread replacing = new Thread(() -> {
            try {
                for (int i = 0; i < 500; i++) {
                    scoreboard.lead(6000, Path.of("/home/" + i));
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } finally {
                done.set(true);
            }
        });
        replacing.start();
        while (!done.get()) {
            assertThat(scoreboard.home(6000)).isPresent();
        }
        replacing.join();
        assertThat(scoreboard.home(6000)).contains("/home/499");
    }

    @Test
    void nobodyLeadsTheHostsOwnUsers() throws IOException {
        Files.createSymbolicLink(directory.resolve("0"), Path.of("/tmp"));
        Files.createSymbolicLink(directory.resolve("501"), Path.of("/tmp"));

        assertThat(scoreboard.home(0)).isEmpty();
        assertThat(scoreboard.home(501)).isEmpty();
        assertThat(scoreboard.uids()).isEmpty();
        assertThatThrownBy(() -> scoreboard.lead(501, Path.of("/home")))
                .hasMessageContaining("501 is one of the host's own");
    }

    @Test
    void whatIsNoAbsoluteLinkLeadsNobody() throws IOException {
        Files.createDirectory(directory.resolve("6000"));
        Files.writeString(directory.resolve("6001"), "/home/6001");
        Files.createSymbolicLink(directory.resolve("6002"), Path.of("home/6002"));

        assertThat(scoreboard.uids()).isEmpty();
    }

    @Test
    @Needs(Need.PRIVATE_ROOT)
    void linksThatOthersMadeLeadNobody() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        Tools.run(Path.of("/"), "chmod", "+t", directory.toString());
        Tools.run(directory, "setpriv", "--reuid=6001", "--clear-groups", "ln", "-s", "/etc", "6000");

        assertThat(scoreboard.home(6000)).isEmpty();

        scoreboard.lead(6000, Path.of("/home/6000"));
        assertThat(scoreboard.home(6000)).contains("/home/6000");
    }

    @Test
    void aDirectoryWhereOthersCouldReplaceLinksIsRefused() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> Scoreboard.open(directory))
                .hasMessageContaining(
                        "cannot use " + directory + " as scoreboard: other users could replace the links");
    }

    @Test
    void leftOversOfCrashesGo() throws IOException {
        scoreboard.lead(6000, Path.of("/home/6000"));
        scoreboard.lead(6001, Path.of("/home/6001"));
        Files.createSymbolicLink(directory.resolve(".new-1"), Path.of("/home/6002"));

        assertThat(scoreboard.clearAllBut(Set.of(6001))).containsExactly(6000);

        assertThat(scoreboard.uids()).containsExactly(6001);
        try (var names = Files.list(directory)) {
            assertThat(names).containsExactly(directory.resolve("6001"));
        }
    }
}
