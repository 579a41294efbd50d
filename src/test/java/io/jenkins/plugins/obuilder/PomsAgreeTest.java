package io.jenkins.plugins.obuilder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The two POMs build one source tree: what both say must be the same. */
class PomsAgreeTest {
    private static final Pattern VERSION = Pattern.compile("<([a-z0-9-]+\\.version)>([^<$]+)</\\1>");

    private static Map<String, String> versions(String pom) throws Exception {
        Map<String, String> versions = new TreeMap<>();
        Matcher matcher = VERSION.matcher(Files.readString(Path.of(pom)));
        while (matcher.find()) {
            versions.put(matcher.group(1), matcher.group(2));
        }
        return versions;
    }

    @Test
    void versionsThatBothNameAreTheSame() throws Exception {
        Map<String, String> ours = versions("pom.xml");
        Map<String, String> shared = versions("pom-jenkins.xml");
        shared.keySet().retainAll(ours.keySet());

        assertThat(shared).containsKeys("jenkins.version", "picocli.version", "sqlite-jdbc.version", "jna.version");
        assertThat(ours).containsAllEntriesOf(shared);
    }

    @Test
    void theBaselineIsTheVersionsLine() throws Exception {
        String pom = Files.readString(Path.of("pom-jenkins.xml"));

        assertThat(pom)
                .contains("<jenkins.baseline>2.541</jenkins.baseline>")
                .contains("<artifactId>bom-${jenkins.baseline}.x<");
        assertThat(versions("pom.xml").get("jenkins.version")).startsWith("2.541.");
    }
}
