package io.jenkins.plugins.obuilder.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyPathsTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '§', textBlock = """
            a/b,        a/b
            /a/b,       a/b
            ./a//./b/., a/b
            .,          §§
            /,          §§
            a..b/...,   a..b/...
            """)
    void sources(String path, String expected) {
        assertThat(CopyPaths.source(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../a", "a/..", "/..", "a/../b", "./.."})
    void sourcesStayInTheirDirectory(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CopyPaths.source(path))
                .withMessageContaining("a source cannot contain \"..\"");
    }

    @Test
    void destinationsAreJoinedToTheWorkingDirectoryAndKeptAsWritten() {
        assertThat(CopyPaths.destination("/src", "/a//b/")).isEqualTo("/a//b/");
        assertThat(CopyPaths.destination("/src", "./")).isEqualTo("/src/./");
        assertThat(CopyPaths.destination("/src/", "a")).isEqualTo("/src/a");
        assertThat(CopyPaths.destination("/", "a")).isEqualTo("/a");
        assertThat(CopyPaths.isDirectory("/src/")).isTrue();
        assertThat(CopyPaths.isDirectory("/src/.")).isFalse();
    }
}
