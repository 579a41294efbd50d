package io.jenkins.plugins.obuilder.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How containers are described where control groups are of version 2 alone, which the machine of the tests need not be. */
class OciConfigTest {
    private static final ResourceLimits LIMITS =
            new ResourceLimits(OptionalLong.of(64 << 20), OptionalInt.of(40), OptionalDouble.of(0.5));

    @TempDir
    Path tmp;

    private Map<?, ?> linux(boolean unified, ResourceLimits limits) throws IOException {
        Path bundle = Files.createTempDirectory(tmp, "bundle");
        String text = OciConfig.write(
                Steps.sh("true").build(),
                bundle,
                bundle,
                new OciConfig.Host(true, unified, false),
                new OciConfig.Group(Optional.of("/group"), limits));
        return (Map<?, ?>) JSON.std.mapFrom(text).get("linux");
    }

    private static List<Object> namespaces(Map<?, ?> linux) {
        return ((List<?>) linux.get("namespaces"))
                .stream()
                        .<Object>map(namespace -> ((Map<?, ?>) namespace).get("type"))
                        .toList();
    }

    @Test
    void aCommandSeesItsOwnControlGroupsAlone() throws IOException {
        assertThat(namespaces(linux(true, ResourceLimits.NONE))).contains("cgroup");
        assertThat(namespaces(linux(false, ResourceLimits.NONE))).doesNotContain("cgroup");
    }

    @Test
    void aCommandFindsItsLimitsThere() throws IOException {
        assertThat(linux(true, LIMITS).get("resources"))
                .isEqualTo(Map.of(
                        "memory",
                        Map.of("limit", 64 << 20),
                        "unified",
                        Map.of("memory.oom.group", "1"),
                        "cpu",
                        Map.of("quota", 50_000, "period", 100_000)));
        assertThat(linux(true, ResourceLimits.NONE).containsKey("resources")).isFalse();
        assertThat(linux(false, LIMITS).containsKey("resources")).isFalse();
    }
}
