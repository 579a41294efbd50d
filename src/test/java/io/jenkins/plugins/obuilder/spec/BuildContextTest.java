package io.jenkins.plugins.obuilder.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BuildContextTest {
    private static final BuildContext START =
            BuildContext.initial(List.of(new EnvVar("PATH", "/bin"), new EnvVar("X", "base")), List.of("sh", "-c"));

    private static BuildContext env(BuildContext context, String name, String value) {
        return context.apply(new Op.Env(new EnvVar(name, value)));
    }

    @Test
    void aStageStartsAsRootInTheRoot() {
        assertThat(START.workdir()).isEqualTo("/");
        assertThat(START.user()).isEqualTo(new Op.User.Ids(0, 0));
        assertThat(START.shell()).containsExactly("sh", "-c");
    }

    @Test
    void aVariableComesToTheFrontAndReplacesTheFirstOfItsName() {
        BuildContext context = env(env(env(START, "A", "1"), "X", "2"), "A", "3");
        assertThat(context.env())
                .containsExactly(new EnvVar("A", "3"), new EnvVar("X", "2"), new EnvVar("PATH", "/bin"));
        BuildContext twice = BuildContext.initial(
                List.of(new EnvVar("B", "0"), new EnvVar("A", "1"), new EnvVar("A", "2")), List.of());
        assertThat(env(twice, "A", "3").env())
                .containsExactly(new EnvVar("A", "3"), new EnvVar("B", "0"), new EnvVar("A", "2"));
    }

    @Test
    void aRelativeWorkdirIsJoinedAsItIsWritten() {
        BuildContext context = START.apply(new Op.Workdir("a//b/")).apply(new Op.Workdir("../c"));
        assertThat(context.workdir()).isEqualTo("/a//b/../c");
        assertThat(context.apply(new Op.Workdir("/d")).workdir()).isEqualTo("/d");
        assertThat(context.apply(new Op.Workdir("C:\\x")).workdir()).isEqualTo("C:\\x");
        assertThat(START.apply(new Op.Workdir("C:x")).workdir()).isEqualTo("/C:x");
    }

    @Test
    void shellAndUserAreReplaced() {
        Op.User user = new Op.User.Ids(1, 2);
        BuildContext context = START.apply(new Op.Shell(List.of("bash", "-c"))).apply(new Op.SetUser(user));
        assertThat(context.shell()).containsExactly("bash", "-c");
        assertThat(context.user()).isEqualTo(user);
        assertThat(context.env()).isEqualTo(START.env());
    }

    @Test
    void theOtherOperationsChangeNothing() {
        assertThat(START.apply(new Op.Comment("x"))).isSameAs(START);
        assertThat(START.apply(new Op.Run(List.of(), List.of(), List.of(), "x")))
                .isSameAs(START);
    }
}
