package io.jenkins.plugins.obuilder;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.Extension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
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
                        || name.startsWith(OURS + "Obuilder"));
    }

    @Test
    void theManifestSaysWhatJenkinsAsksFor() throws Exception {
        try (JarFile hpi = new JarFile("target/obuilder.hpi")) {
            Attributes manifest = hpi.getManifest().getMainAttributes();
            assertThat(manifest.getValue("Short-Name")).isEqualTo("obuilder");
            assertThat(manifest.getValue("Plugin-Version")).isNotBlank();
            assertThat(manifest.getValue("Jenkins-Version")).isEqualTo("2.541.3");
            assertThat(manifest.getValue("Plugin-Dependencies")).startsWith("workflow-step-api:");
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

        for (Class<?> extension : List.of(ObuilderStep.DescriptorImpl.class, ObuilderBuilder.DescriptorImpl.class)) {
            assertThat(extension).hasAnnotation(Extension.class);
            assertThat(index).anyMatch(line -> line.contains(extension.getName()));
        }
    }
}
