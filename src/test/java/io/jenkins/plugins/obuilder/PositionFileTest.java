package io.jenkins.plugins.obuilder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionFileTest {
    @TempDir
    Path directory;

    @Test
    void thePositionIsKept() throws Exception {
        PositionFile file = PositionFile.of(directory.toFile(), "obuilder-1");
        assertThat(file.read()).isZero();
        file.write(Long.MAX_VALUE);
        file.write(42);
        assertThat(PositionFile.of(directory.toFile(), "obuilder-1").read()).isEqualTo(42);
        assertThat(PositionFile.of(directory.toFile(), "obuilder-2").read()).isZero();

        file.delete();
        file.delete();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aWriteThatWasBrokenOffIsNoPosition() throws Exception {
        PositionFile file = PositionFile.of(directory.toFile(), "x");
        Files.writeString(directory.resolve("x.position"), "000");

        assertThat(file.read()).isZero();
    }
}
