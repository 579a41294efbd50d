package io.jenkins.plugins.obuilder.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Conformance;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConformanceDockerfileTest {
    static Stream<Conformance> cases() throws Exception {
        return Conformance.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void dockerfilesAreTheReferences(Conformance expected) throws Exception {
        Spec spec = SpecReader.read(expected.spec(), "build.spec");
        assertThat(Dockerfile.of(spec, false, Dockerfile.Escape.UNIX)).isEqualTo(Bytes.of(expected.file("Dockerfile")));
        assertThat(Dockerfile.of(spec, true, Dockerfile.Escape.UNIX))
                .isEqualTo(Bytes.of(expected.file("Dockerfile.buildkit")));
        assertThat(Dockerfile.of(spec, false, Dockerfile.Escape.WINDOWS))
                .isEqualTo(Bytes.of(expected.file("Dockerfile.windows")));
    }
}
