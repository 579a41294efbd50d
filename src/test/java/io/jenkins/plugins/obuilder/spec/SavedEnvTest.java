package io.jenkins.plugins.obuilder.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SavedEnvTest {
    private static List<EnvVar> read(String byteString) throws SpecException {
        return SavedEnv.read(Bytes.toBytes(byteString), "env");
    }

    /** As the reference's store has it. */
    @Test
    void oneVariable() throws SpecException {
        String saved = "((env ((PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin))))";
        List<EnvVar> env = List.of(new EnvVar("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
        assertThat(read(saved)).isEqualTo(env);
        assertThat(SavedEnv.print(env)).isEqualTo(saved);
        assertThat(read(saved + "\n")).isEqualTo(env);
    }

    /** As {@code to_string_hum} wraps it. */
    @Test
    void manyVariables() {
        List<EnvVar> env = List.of(
                new EnvVar("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                new EnvVar("LANG", "C.UTF-8"),
                new EnvVar("MOTD", "one\ntwo"),
                new EnvVar("EMPTY", ""));
        assertThat(SavedEnv.print(env)).isEqualTo("""
                        ((env
                          ((PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
                           (LANG C.UTF-8) (MOTD  "one\\
                                                \\ntwo")
                           (EMPTY ""))))""");
        assertThat(SavedEnv.print(List.of())).isEqualTo("((env ()))");
    }

    @Property
    void whatIsPrintedReadsBack(@ForAll List<String> texts) throws SpecException {
        List<EnvVar> env = texts.stream()
                .map(Bytes::ofText)
                .map(text -> new EnvVar("N" + text, text + "\n" + text))
                .toList();
        assertThat(read(SavedEnv.print(env))).isEqualTo(env);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "()",
                "((env))",
                "((envs ()))",
                "((env ()) (x y))",
                "((env ((A))))",
                "((env (A B)))",
                "((env ()))x"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(SpecException.class).hasMessageStartingWith("env:1:");
    }
}
