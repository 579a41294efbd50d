package io.jenkins.plugins.obuilder.defects;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The list of this package names tests that there are. */
class DefectsListTest {
    private static final Path LIST = Path.of("src/test/java/io/jenkins/plugins/obuilder/defects/package-info.java");
    private static final Pattern NAME = Pattern.compile("\\{@code[\\s*]+([\\w.]+)#(\\w+)}");

    @Test
    void everyDefectHasItsTest() throws Exception {
        String list = Files.readString(LIST);
        for (String item : list.substring(list.indexOf("<li>")).split("<li>")) {
            List<MatchResult> names = NAME.matcher(item).results().toList();
            assertThat(item.isEmpty() || !names.isEmpty()).as(item).isTrue();
            for (MatchResult name : names) {
                Class<?> test = Class.forName("io.jenkins.plugins.obuilder." + name.group(1));
                assertThat(test.getDeclaredMethods())
                        .as(name.group())
                        .filteredOn(method -> method.getName().equals(name.group(2)))
                        .isNotEmpty()
                        .allMatch(DefectsListTest::isTest);
            }
        }
    }

    private static boolean isTest(Method method) {
        return Arrays.stream(method.getAnnotations())
                .anyMatch(annotation -> annotation instanceof Test || annotation instanceof ParameterizedTest);
    }
}
