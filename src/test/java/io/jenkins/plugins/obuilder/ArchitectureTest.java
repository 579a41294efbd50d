package io.jenkins.plugins.obuilder;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** Holds the layering that docs/architecture.md describes: a package imports only what stands below it. */
@AnalyzeClasses(packagesOf = ArchitectureTest.class, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = ArchitectureTest.class.getPackageName();

    /** From the top of the house to its foundation. */
    private static final List<String> ROOMS = List.of(
            ROOT,
            ROOT + ".agent",
            ROOT + ".cli",
            ROOT + ".boundary",
            ROOT + ".engine",
            ROOT + ".share",
            ROOT + ".image",
            ROOT + ".sandbox",
            ROOT + ".obuilderfs",
            ROOT + ".store",
            ROOT + ".host",
            ROOT + ".spec");

    @ArchTest
    static void dependenciesPointDown(JavaClasses classes) {
        for (int room = 1; room < ROOMS.size(); room++) {
            noClasses()
                    .that()
                    .resideInAPackage(ROOMS.get(room))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(ROOMS.subList(0, room).toArray(String[]::new))
                    .allowEmptyShould(true)
                    .check(classes);
        }
    }

    @ArchTest
    static final ArchRule EVERY_CLASS_STANDS_IN_A_KNOWN_ROOM =
            classes().that().resideInAPackage(ROOT + "..").should().resideInAnyPackage(ROOMS.toArray(String[]::new));

    @ArchTest
    static final ArchRule THE_ENGINE_KNOWS_NO_JENKINS = noClasses()
            .that()
            .resideInAnyPackage(ROOMS.subList(2, ROOMS.size()).toArray(String[]::new))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("hudson..", "jenkins..", "org.jenkinsci..", "org.kohsuke..");

    /** Of the engine, Jenkins and its agents load the language alone: everything else runs as a process of its own. */
    @ArchTest
    static final ArchRule JENKINS_LOADS_THE_LANGUAGE_ALONE = noClasses()
            .that()
            .resideInAnyPackage(ROOT, ROOT + ".agent")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOMS.stream()
                    .filter(room -> !room.equals(ROOT) && !room.endsWith(".agent") && !room.endsWith(".spec"))
                    .toArray(String[]::new));

    @ArchTest
    static final ArchRule ONLY_THE_HOST_STARTS_PROCESSES_AND_NATIVE_CODE = noClasses()
            .that()
            .resideInAnyPackage(ROOMS.stream()
                    .filter(room -> !room.equals(ROOT) && !room.endsWith(".agent") && !room.endsWith(".host"))
                    .toArray(String[]::new))
            .should()
            .dependOnClassesThat(resideInAPackage("com.sun.jna..")
                    .or(describe("start processes", type -> type.isEquivalentTo(ProcessBuilder.class))));
}
