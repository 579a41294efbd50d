package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@Needs({Need.PRIVATE_ROOT, Need.RSYNC})
class RsyncStoreTest extends RsyncContract {
    @Override
    RsyncMode mode() {
        return RsyncMode.COPY;
    }

    @Test
    void goesOnWithAStoreThatTheReferenceFilled() throws IOException {
        Path filled = Files.createDirectory(temp.resolve("filled"));
        Path archive =
                Path.of("src/test/resources/reference-store/rsync.tar.xz").toAbsolutePath();
        new SystemCommands()
                .run(HostCommand.of("unpack", "tar", "--numeric-owner", "-xf")
                        .arg(archive)
                        .in(filled));
        try (SharedStore reference = Stores.open("rsync:" + filled, new SystemCommands())) {
            assertThat(reference.isMadeByReference()).isTrue();
            assertThat(reference.list()).hasSize(6);
            assertThat(reference.index().all()).hasSize(6);
            for (var id : reference.list()) {
                Store.Snapshot snapshot = reference.find(id).orElseThrow();
                assertThat(snapshot.log()).exists();
                assertThat(Files.readString(snapshot.env())).startsWith("((env ((PATH ");
            }
            assertThat(reference.repair()).isEmpty();
            assertThat(reference.caches()).containsExactlyInAnyOrder("dl", "other");
        }
        try (SharedStore again = Stores.open("rsync:" + filled, new SystemCommands())) {
            assertThat(again.isMadeByReference()).isTrue();
            assertThat(again.list()).hasSize(6);
        }
    }
}
