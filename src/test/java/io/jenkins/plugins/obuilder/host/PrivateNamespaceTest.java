package io.jenkins.plugins.obuilder.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Needs(Need.PRIVATE_ROOT)
class PrivateNamespaceTest {
    @TempDir
    Path tmp;

    /** What keeps a log may write it anywhere, such as into a temporary file, and the command has other directories there. */
    @Test
    void aCommandsOutputIsTakenWhereThisProcessIs() throws Exception {
        Path file =
                Files.createFile(Files.createDirectory(tmp.resolve("covered")).resolve("file"));
        List<Boolean> seen = new CopyOnWriteArrayList<>();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        OutputStream log = new OutputStream() {
            @Override
            public void write(int b) {
                seen.add(Files.exists(file));
                said.write(b);
            }
        };

        PrivateNamespace.call(true, () -> {
            LinuxMounts.tmpfs(file.getParent(), "mode=0700");
            assertThat(file).doesNotExist();
            return new SystemCommands()
                    .run(HostCommand.of("look", "sh")
                            .args("-c", "[ -e " + file + " ] && echo there || echo missing")
                            .streamTo(log));
        });

        assertThat(said).hasToString("missing\n");
        assertThat(seen).hasSize(said.size()).containsOnly(true);
        assertThat(file).exists();
    }
}
