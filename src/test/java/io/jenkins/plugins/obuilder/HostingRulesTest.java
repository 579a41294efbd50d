package io.jenkins.plugins.obuilder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the bot that hosts Jenkins plugins asks for (jenkins-infra/repository-permissions-updater), as far as files tell. */
class HostingRulesTest {
    private static String pom() throws IOException {
        return Files.readString(Path.of("pom-jenkins.xml"));
    }

    @Test
    void thePomIsAsTheBotWantsIt() throws Exception {
        assertThat(pom())
                .contains("<groupId>io.jenkins.plugins</groupId>\n  <artifactId>obuilder</artifactId>")
                .contains("<url>https://www.apache.org/licenses/LICENSE-2.0</url>")
                .contains("<connection>scm:git:https://github.com/${gitHubRepo}</connection>")
                .contains("<gitHubRepo>jenkinsci/obuilder-plugin</gitHubRepo>")
                .contains("<artifactId>bom-${jenkins.baseline}.x</artifactId>")
                .doesNotContain("<java.level>")
                .doesNotContain("<maven.compiler.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<hpi.strictBundledArtifacts>true<",
                "<ban-commons-lang-2.skip>false<",
                "<ban-deprecated-stapler.skip>false<",
                "<ban-junit4-imports.skip>false<",
                "<banObsoleteDependencyOverrides.skip>false<"
            })
    void itsStrictnessIsSet(String property) throws Exception {
        assertThat(pom()).contains(property);
    }

    /** The oldest parent and Jenkins that are accepted; numbers compare as text here, for they have the same length. */
    @Test
    void itsVersionsAreNewEnough() throws Exception {
        String parent = pom().replaceFirst("(?s).*<artifactId>plugin</artifactId>\\s*<version>([0-9.]+)\\..*", "$1");
        assertThat(parent).matches("6\\.\\d{4}").isGreaterThanOrEqualTo("6.2211");
        assertThat(pom()).contains("<jenkins.version>2.541.3</jenkins.version>");
    }

    @Test
    void theFilesAreThere() throws Exception {
        assertThat(Files.readString(Path.of(".github/CODEOWNERS"))).contains("@jenkinsci/obuilder-plugin-developers");
        assertThat(Path.of(".github/workflows/jenkins-security-scan.yml")).exists();
        assertThat(Path.of(".github/workflows/cd.yaml")).exists();
        assertThat(Path.of(".github/dependabot.yml")).exists();
        assertThat(Path.of(".github/release-drafter.yml")).doesNotExist();
        assertThat(Files.readAllLines(Path.of(".gitignore")))
                .contains("target/")
                .anyMatch(line -> line.startsWith("work"));
        assertThat(Files.readString(Path.of("Jenkinsfile"))).matches("(?s)buildPlugin\\(configurations: \\[.*]\\)\\s*");
    }

    @Test
    void pagesHaveNoScriptsOfTheirOwn() throws Exception {
        List<Path> pages;
        try (Stream<Path> files = Files.walk(Path.of("src/main/resources"))) {
            pages = files.filter(file -> file.toString().endsWith(".jelly")).toList();
        }
        assertThat(pages).hasSizeGreaterThan(6);
        for (Path page : pages) {
            String text = Files.readString(page);
            assertThat(text).as(page.toString()).startsWith("<?jelly escape-by-default='true'?>");
            assertThat(text.toLowerCase(java.util.Locale.ROOT))
                    .as(page.toString())
                    .doesNotContain("<style")
                    .doesNotContain("<script")
                    .doesNotContain(" style=")
                    .doesNotContain("checkurl")
                    .doesNotContainPattern("\\son[a-z]+\\s*=");
        }
    }
}
