package io.jenkins.plugins.obuilder;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a Mac loads has nothing of Linux in it, and the other way round. */
@AnalyzeClasses(packagesOf = KernelTest.class, importOptions = ImportOption.DoNotIncludeTests.class)
class KernelTest {
    /** They ask what kernel runs, and only then touch what belongs to it. */
    private static final Set<String> SWITCHES = Set.of(
            "FileCalls",
            "Mounts",
            "FileSystemKind",
            "OperatingSystem",
            "TreeClone",
            "SandboxOption",
            "ServerProcess",
            "FuseConnection",
            "FuseMounts",
            "Boot",
            "Sha256",
            "Xfs",
            "WidePipe");

    /** Nothing on a Mac gets to them: file systems and sandboxes of Linux. */
    private static final Set<String> OF_LINUX = Set.of(
            "Btrfs",
            "BtrfsSearch",
            "Descriptors",
            "PrivateNamespace",
            "Container",
            "MountedHome",
            "LinkedAftermath",
            "OverlayStore",
            // These read /proc and /sys, besides.
            "Processes",
            "MountUsers",
            "Cgroups",
            "LimitedGroup",
            "DirtyMemory",
            "OciConfig",
            // It looks whether there is a /proc.
            "ProcessIdentity");

    private static DescribedPredicate<JavaClass> outside(String prefix, Set<String> others) {
        return new DescribedPredicate<>("others than " + prefix + "…") {
            @Override
            public boolean test(JavaClass type) {
                String name = topLevel(type.getName());
                return !name.startsWith(prefix) && !others.contains(name) && !SWITCHES.contains(name);
            }
        };
    }

    private static String topLevel(String className) {
        String name = className.substring(className.lastIndexOf('.') + 1);
        return name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
    }

    @ArchTest
    static final ArchRule CALLS_OF_LINUX_ARE_FOR_LINUX =
            noClasses().that(outside("Linux", OF_LINUX)).should().dependOnClassesThat(simpleNameStartingWith("Linux"));

    @ArchTest
    static final ArchRule CALLS_OF_DARWIN_ARE_FOR_DARWIN = noClasses()
            .that(outside("Darwin", Set.of("CommonCrypto", "MacFuse", "SelfTestOfAttributes")))
            .should()
            .dependOnClassesThat(simpleNameStartingWith("Darwin").or(simpleNameStartingWith("CommonCrypto")));

    /** Names of files that Linux alone has. */
    @Test
    void onlyWhatIsForLinuxNamesItsFiles() throws IOException {
        try (Stream<Path> classes = Files.walk(Path.of("target/classes/io/jenkins/plugins/obuilder"))) {
            List<String> others = classes.filter(file -> file.toString().endsWith(".class"))
                    .filter(KernelTest::namesFilesOfLinux)
                    .map(file -> topLevel(file.getFileName().toString().replace(".class", "")))
                    .distinct()
                    .filter(name -> !name.startsWith("Linux") && !OF_LINUX.contains(name) && !SWITCHES.contains(name))
                    .toList();
            assertThat(others).isEmpty();
        }
    }

    private static boolean namesFilesOfLinux(Path file) {
        try {
            String constants = Files.readString(file, ISO_8859_1);
            return constants.contains("/proc") || constants.contains("/sys/");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
