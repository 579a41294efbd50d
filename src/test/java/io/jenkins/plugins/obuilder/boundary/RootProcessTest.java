package io.jenkins.plugins.obuilder.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.SystemCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a caller makes of whatever sudo starts: scripts stand for it here. */
class RootProcessTest {
    @TempDir
    Path directory;

    private Path wrapper;

    @BeforeEach
    void makeWrapper() throws IOException {
        wrapper = Files.createFile(directory.resolve("obuilder-agent"));
    }

    private RootProcess start(String script) throws IOException {
        Path sudo = Files.writeString(directory.resolve("sudo"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(sudo, PosixFilePermissions.fromString("rwxr-xr-x"));
        return RootProcess.start(wrapper, "2.0", new SystemCommands(List.of(directory)));
    }

    /** A greeting as a shell prints it. */
    private static String frame(String json) {
        return String.format(
                "printf 'H\\000\\000\\000\\000\\000\\000\\000\\%03o'; printf '%%s' '%s'", json.length(), json);
    }

    @Test
    void anotherProtocolIsRefusedAndSaysWhatToDo() {
        assertThatThrownBy(() -> start("echo $1 $2 >&2; " + frame("{\"obuilder\":\"9.9\",\"protocol\":7}")))
                .isInstanceOf(RootProcess.RootException.class)
                .hasMessageContaining("the installed root side is obuilder 9.9 and speaks protocol 7")
                .hasMessageContaining("this is obuilder 2.0 and speaks " + Protocol.VERSION)
                .hasMessageContaining("install");
    }

    @Test
    void theSameProtocolOfAnotherVersionWillDo() throws Exception {
        try (RootProcess root =
                start(frame("{\"obuilder\":\"9.9\",\"protocol\":" + Protocol.VERSION + "}") + "; cat > /dev/null")) {
            assertThat(root.hello().version()).isEqualTo("9.9");
        }
    }

    @Test
    void whatSudoSaysIsPassedOn() {
        assertThatThrownBy(() -> start("echo 'sudo: a password is required' >&2; exit 1"))
                .isInstanceOf(RootProcess.RootException.class)
                .hasMessageContaining("without a password; it says: sudo: a password is required");
    }

    @Test
    void whatIsNoRootSideIsTold() {
        assertThatThrownBy(() -> start("echo 'Welcome to this machine'"))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("it begins with \"Welcome t\"");
        assertThatThrownBy(() -> start("echo broken >&2; exit 3")).hasMessageContaining("ended with status 3: broken");
    }

    @Test
    void withoutAWrapperNothingIsStarted() throws Exception {
        Files.delete(wrapper);

        assertThatThrownBy(() -> start("touch " + directory.resolve("started")))
                .hasMessageContaining("there is no " + wrapper);
        assertThat(directory.resolve("started")).doesNotExist();
    }
}
