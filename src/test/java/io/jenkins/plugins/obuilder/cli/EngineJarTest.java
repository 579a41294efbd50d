package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is in the engine jar. */
class EngineJarTest {
    private static final String OURS = "io/jenkins/plugins/obuilder/";

    /** In NOTICE: {@code - NAME VERSION (LICENCE), DIRECTORY/ DIRECTORY/: URL}. */
    private static final Pattern NOTICE =
            Pattern.compile("(?m)^- (\\S.*) (\\S+) \\(([^)]+)\\), (\\S+(?: \\S+)*): https://\\S+$");

    private static List<String> entries() throws IOException {
        try (JarFile jar = new JarFile("target/obuilder-engine.jar")) {
            return jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> !name.endsWith("/"))
                    .toList();
        }
    }

    @Test
    void itHoldsTheEngineAndNothingThatKnowsJenkins() throws Exception {
        assertThat(entries())
                .contains(OURS + "cli/Main.class", OURS + "spec/Spec.class")
                .noneMatch(name -> name.startsWith(OURS + "agent/"))
                .noneMatch(name -> name.matches(OURS + "[^/]*\\.class"))
                .noneMatch(name -> name.startsWith("hudson/") || name.startsWith("jenkins/"));
    }

    @Test
    void nativeCodeIsThereForLinuxAndMacOnTwoProcessors() throws Exception {
        List<String> natives = entries().stream()
                .filter(name -> name.matches(".*\\.(so|dylib|jnilib|dll|a)"))
                .toList();

        assertThat(natives).allMatch(name -> name.matches("(?i).*(linux|darwin|mac).*(x86[-_]64|amd64|aarch64).*"));
        for (String library : List.of("sqlite", "jna", "zstd")) {
            assertThat(natives).filteredOn(name -> name.contains(library)).hasSizeGreaterThanOrEqualTo(4);
        }
    }

    @Test
    void noticeListsAllThatIsBundledAndNothingElse() throws Exception {
        List<String> directories = new ArrayList<>();
        Matcher matcher = NOTICE.matcher(Files.readString(Path.of("NOTICE")));
        List<String> bundled = new ArrayList<>();
        while (matcher.find()) {
            bundled.add(matcher.group(1) + " " + matcher.group(2));
            directories.addAll(List.of(matcher.group(4).split(" ")));
        }
        List<String> foreign =
                entries().stream().filter(name -> !name.startsWith(OURS)).toList();

        assertThat(foreign.stream()
                        .filter(name -> !name.startsWith("META-INF/"))
                        .filter(name -> directories.stream().noneMatch(name::startsWith))
                        .toList())
                .as("bundled, but not in NOTICE")
                .isEmpty();
        assertThat(directories)
                .allSatisfy(directory -> assertThat(foreign).anyMatch(name -> name.startsWith(directory)));
        assertThat(entries()).contains("META-INF/NOTICE", "META-INF/LICENSE");
        assertThat(bundled).containsAll(versions());
    }

    /** Names and versions of the libraries, as pom.xml has them in its properties. */
    private static List<String> versions() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        List<String> notBundled = List.of(
                "archunit",
                "assertj",
                "awaitility",
                "credentials",
                "guava",
                "jenkins",
                "jqwik",
                "json-lib",
                "junit",
                "localizer",
                "plain-credentials",
                "sezpoz",
                "spotbugs-annotations",
                "ssh-credentials",
                "structs",
                "workflow-step-api");
        Matcher property = Pattern.compile("<([a-z0-9-]+)\\.version>([^<]+)<").matcher(pom);
        List<String> versions = new ArrayList<>();
        while (property.find()) {
            if (!notBundled.contains(property.group(1))) {
                versions.add(property.group(1) + " " + property.group(2));
            }
        }
        return versions;
    }
}
