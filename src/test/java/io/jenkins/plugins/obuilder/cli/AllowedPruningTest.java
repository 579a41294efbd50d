package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.boundary.AgentConf;
import io.jenkins.plugins.obuilder.store.Pruning;
import io.jenkins.plugins.obuilder.store.Store;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@Needs(Need.PRIVATE_ROOT)
class AllowedPruningTest {
    private static final Store.Space SPACE = new Store.Space(1000, 100);

    /** Nobody else may be able to write on the way to it. */
    private final Path file = Path.of("/etc/obuilder-allowed.conf");

    @AfterEach
    void remove() throws IOException {
        Files.deleteIfExists(file);
    }

    private AllowedPruning configured(String... lines) throws IOException {
        Files.writeString(file, "store = rsync:/srv/store\n" + String.join("\n", lines));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        AllowedPruning allowed = new AllowedPruning(AgentConf.read(file));
        allowed.check();
        return allowed;
    }

    private static Pruning.Limits limits(Instant before, OptionalInt items, OptionalLong free) {
        return new Pruning.Limits(before, 7, items, free);
    }

    private static Pruning.Limits free(long bytes) {
        return limits(Instant.MAX, OptionalInt.empty(), OptionalLong.of(bytes));
    }

    private static Pruning.Limits items(int n) {
        return limits(Instant.MAX, OptionalInt.of(n), OptionalLong.empty());
    }

    @Test
    void nothingIsAllowedThatIsNotNamed() throws Exception {
        AllowedPruning allowed = configured();
        for (Pruning.Limits wanted : new Pruning.Limits[] {
            free(1), items(1000), limits(Instant.EPOCH, OptionalInt.empty(), OptionalLong.empty())
        }) {
            assertThatThrownBy(() -> allowed.of(wanted, SPACE))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(file + " does not say keep-");
        }
    }

    @Test
    void noFurtherThanItSays() throws Exception {
        AllowedPruning allowed = configured("keep-free = 20%", "keep-items = 50");
        assertThat(allowed.of(free(200), SPACE)).isEqualTo(free(200));
        assertThatThrownBy(() -> allowed.of(free(201), SPACE))
                .hasMessage("--keep-free: no more than 20% is allowed (" + file + ":2)");
        assertThat(allowed.of(items(50), SPACE)).isEqualTo(items(50));
        assertThatThrownBy(() -> allowed.of(items(49), SPACE))
                .hasMessage("--max-items: no fewer than 50 are allowed (" + file + ":3)");
        // Both must be reached before it ends.
        assertThatThrownBy(() -> allowed.of(limits(Instant.MAX, OptionalInt.of(50), OptionalLong.of(900)), SPACE))
                .hasMessageContaining("--keep-free: no more than 20%");
    }

    @Test
    void whatWasUsedLatelyStays() throws Exception {
        AllowedPruning allowed = configured("keep-used = 48h", "keep-items = 1");
        Instant twoDays = Instant.now().minus(Duration.ofHours(48));
        for (Pruning.Limits wanted :
                new Pruning.Limits[] {items(1), limits(Instant.MAX, OptionalInt.empty(), OptionalLong.empty())}) {
            Pruning.Limits bounded = allowed.of(wanted, SPACE);
            assertThat(bounded.before()).isBetween(twoDays, Instant.now().minus(Duration.ofHours(47)));
            assertThat(bounded.keepItems()).isEqualTo(wanted.keepItems());
            assertThat(bounded.atMost()).isEqualTo(7);
        }
        Pruning.Limits older = limits(Instant.EPOCH, OptionalInt.empty(), OptionalLong.empty());
        assertThat(allowed.of(older, SPACE)).isEqualTo(older);
    }

    @Test
    void wrongValuesAreFoundAtOnce() {
        assertThatThrownBy(() -> configured("keep-used = a week"))
                .hasMessage(file + ":2: keep-used = a week: write 90 or 90s, 15m, 2h");
        assertThatThrownBy(() -> configured("keep-items = 0"))
                .hasMessage(file + ":2: keep-items = 0: write a number from 1 on");
    }
}
