package io.jenkins.plugins.obuilder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is in {@code target/obuilder.hpi}. */
class PluginPackageIT {
    private static final String OURS = "io/jenkins/plugins/obuilder/";

    private static List<String> plugin() throws IOException {
        List<String> names = new ArrayList<>();
        try (JarFile hpi = new JarFile("target/obuilder.hpi");
                JarInputStream jar = new JarInputStream(hpi.getInputStream(hpi.getEntry("WEB-INF/lib/obuilder.jar")))) {
            for (JarEntry entry = jar.getNextJarEntry(); entry != null; entry = jar.getNextJarEntry()) {
                if (!entry.isDirectory()) {
                    names.add(entry.getName());
                }
            }
        }
        return names;
    }

    @Test
    void thePluginsJarHoldsNeitherDoublesNorTheEnginesClasses() throws Exception {
        assertThat(plugin())
                .contains(OURS + "ObuilderStep.class", OURS + "ObuilderStep/config.jelly", "index.jelly")
                .contains(OURS + "agent/obuilder-engine.jar", "META-INF/annotations/hudson.Extension")
                .allMatch(name -> name.startsWith("META-INF/")
                        || name.equals("index.jelly")
                        || name.matches(OURS + "[^/]+")
                        || name.startsWith(OURS + "agent/")
                        || name.startsWith(OURS + "spec/")
                        || name.matches(OURS + "[A-Z].*"));
    }

    @Test
    void theManifestSaysWhatJenkinsAsksFor() throws Exception {
        try (JarFile hpi = new JarFile("target/obuilder.hpi")) {
            Attributes manifest = hpi.getManifest().getMainAttributes();
            assertThat(manifest.getValue("Short-Name")).isEqualTo("obuilder");
            assertThat(manifest.getValue("Plugin-Version")).isNotBlank();
            assertThat(manifest.getValue("Jenkins-Version")).isEqualTo("2.541.3");
            assertThat(manifest.getValue("Plugin-Dependencies"))
                    .contains("workflow-step-api:", "credentials:")
                    .doesNotContain("$");
            assertThat(manifest).doesNotContainKey(new Attributes.Name("Main-Class"));
        }
    }

    @Test
    void theEngineThatTravelsIsTheOneThatWasTested() throws Exception {
        assertThat(Path.of("target/classes", OURS, "agent/obuilder-engine.jar"))
                .hasSameBinaryContentAs(Path.of("target/obuilder-engine.jar"));
    }

    @Test
    void everyExtensionIsInTheIndex() throws Exception {
        List<String> index = Files.readAllLines(Path.of("target/classes/META-INF/annotations/hudson.Extension.txt"));

        for (Path source : (Iterable<Path>) sources()::iterator) {
            String text = Files.readString(source);
            String name = source.getFileName().toString().replace(".java", "");
            long annotated = text.lines()
                    .filter(line -> line.strip().equals("@Extension"))
                    .count();
            assertThat(index.stream()
                            .filter(line -> line.contains("." + name) && line.matches(".*\\." + name + "\\b.*")))
                    .as("the extensions of " + name)
                    .hasSize((int) annotated);
        }
        assertThat(index).hasSizeGreaterThan(6);
    }

    private static Stream<Path> sources() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/java", OURS))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        }
    }

    /** The official build writes the list; the ordinary one has it as a file. */
    @Test
    void everySymbolIsInTheList() throws Exception {
        List<String> listed =
                Files.readAllLines(Path.of("target/classes/META-INF/services/annotations/org.jenkinsci.Symbol"));
        List<String> annotated = new ArrayList<>();
        for (Path source : (Iterable<Path>) sources()::iterator) {
            String outer = "io.jenkins.plugins.obuilder."
                    + source.getFileName().toString().replace(".java", "");
            Matcher matcher = Pattern.compile("@Symbol\\(\"\\w+\"\\)\\s+public (static )?(final )?class (\\w+)")
                    .matcher(Files.readString(source));
            while (matcher.find()) {
                annotated.add(outer.endsWith("." + matcher.group(3)) ? outer : outer + "$" + matcher.group(3));
            }
        }

        assertThat(listed).containsExactlyInAnyOrderElementsOf(annotated).hasSizeGreaterThan(2);
    }
}
