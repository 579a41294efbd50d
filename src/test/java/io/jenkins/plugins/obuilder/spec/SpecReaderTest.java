package io.jenkins.plugins.obuilder.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is read; what is refused stands in {@link SpecErrorsTest}. */
class SpecReaderTest {
    private static Spec read(String text) throws SpecException {
        return SpecReader.read(Bytes.ofText(text).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), "ci.spec");
    }

    private static Op op(String text) throws SpecException {
        return read("((build dev ((from a))) (from b) " + text + ")").ops().get(0);
    }

    @Test
    void theShortestSpec() throws SpecException {
        assertThat(read("((from busybox))")).isEqualTo(new Spec(List.of(), "busybox", List.of()));
    }

    @Test
    void everyOperation() throws SpecException {
        assertThat(op("(comment \"hello world\")")).isEqualTo(new Op.Comment("hello world"));
        assertThat(op("(workdir /src)")).isEqualTo(new Op.Workdir("/src"));
        assertThat(op("(shell /bin/sh -c)")).isEqualTo(new Op.Shell(List.of("/bin/sh", "-c")));
        assertThat(op("(shell)")).isEqualTo(new Op.Shell(List.of()));
        assertThat(op("(env A \"\")")).isEqualTo(new Op.Env(new EnvVar("A", "")));
        assertThat(op("(user (name Zaphod))")).isEqualTo(new Op.SetUser(new Op.User.Name("Zaphod")));
        assertThat(op("(run (shell \"\"))")).isEqualTo(new Op.Run(List.of(), List.of(), List.of(), ""));
        assertThat(op("(copy (src a) (dst b))")).isEqualTo(new Op.Copy(Optional.empty(), List.of("a"), "b", List.of()));
    }

    @Test
    void fieldsComeInAnyOrder() throws SpecException {
        Op.User.Ids ids = new Op.User.Ids(1, 2);
        assertThat(op("(user (uid 1) (gid 2))")).isEqualTo(new Op.SetUser(ids));
        assertThat(op("(user (gid 2) (uid 1))")).isEqualTo(new Op.SetUser(ids));
        Op.CacheMount cache = new Op.CacheMount("c", "/c", Map.of());
        Op.SecretMount secret = new Op.SecretMount("s", "/s", Map.of("mode", "0400"));
        assertThat(
                        op(
                                "(run (shell x) (secrets (s (buildkit_options ((mode 0400))) (target /s))) (network host) (cache (c (target /c))))"))
                .isEqualTo(new Op.Run(List.of(cache), List.of("host"), List.of(secret), "x"));
        assertThat(op("(copy (exclude x y) (dst d/) (from (build dev)) (src a b))"))
                .isEqualTo(new Op.Copy(Optional.of("dev"), List.of("a", "b"), "d/", List.of("x", "y")));
    }

    @Test
    void anEmptyListOfFieldsIsTheSameAsNone() throws SpecException {
        assertThat(op("(run (cache) (network) (secrets) (shell x))")).isEqualTo(op("(run (shell x))"));
        assertThat(op("(copy (from context) (src a) (dst b) (exclude))")).isEqualTo(op("(copy (src a) (dst b))"));
    }

    @Test
    void buildkitOptionsAreReadAsTheReferenceWantsThemAndAsItsPageShowsThem() throws SpecException {
        Op expected = new Op.Run(
                List.of(new Op.CacheMount("c", "/c", Map.of("a", "1", "b", "2"))), List.of(), List.of(), "x");
        assertThat(op("(run (cache (c (target /c) (buildkit_options ((a 1) (b 2))))) (shell x))"))
                .isEqualTo(expected);
        assertThat(op("(run (cache (c (target /c) (buildkit_options (a 1) (b 2)))) (shell x))"))
                .isEqualTo(expected);
        assertThat(op("(run (cache (c (target /c) (buildkit_options ()))) (shell x))"))
                .isEqualTo(op("(run (cache (c (target /c))) (shell x))"));
    }

    @Test
    void copiesNameEarlierBuildsOfTheirOwnAndOfEnclosingSpecs() throws SpecException {
        Spec spec = read("""
                ((build a ((from x)))
                 (build b ((build a ((from y)))
                           (build c ((from z) (copy (from (build a)) (src f) (dst g))))
                           (from x)
                           (copy (from (build c)) (src f) (dst g))))
                 (from x)
                 (copy (from (build b)) (src f) (dst g)))
                """);
        assertThat(spec.builds()).extracting(Spec.NestedBuild::name).containsExactly("a", "b");
        assertThat(spec.builds().get(1).spec().builds())
                .extracting(Spec.NestedBuild::name)
                .containsExactly("a", "c");
    }

    @Test
    void theLargestAccountNumbers() throws SpecException {
        assertThat(op("(user (uid 2147483647) (gid 007))"))
                .isEqualTo(new Op.SetUser(new Op.User.Ids(Integer.MAX_VALUE, 7)));
    }

    @Test
    void bytesAreKeptAsTheyAre() throws SpecException {
        byte[] text = Bytes.toBytes("((from a)(env X \"\u00ff\\254\r\n\\x01\"))");
        assertThat(SpecReader.read(text, "f").ops())
                .containsExactly(new Op.Env(new EnvVar("X", "\u00ff\u00fe\r\n\u0001")));
    }

    @Test
    void partsRememberWhereTheyStand() throws SpecException {
        byte[] text = Bytes.toBytes("((from a)\n (run (shell x))\n (run (shell x)\n      (cache (c (target /c)))))\n");
        SpecReader.Result result = SpecReader.readWithSource(text, "ci.spec");
        Op.Run second = (Op.Run) result.spec().ops().get(1);
        assertThat(result.source().position(result.spec().ops().get(0))).isEqualTo("ci.spec:2:2");
        assertThat(result.source().position(second)).isEqualTo("ci.spec:3:2");
        assertThat(result.source().position(second.caches().get(0))).isEqualTo("ci.spec:4:14");
        assertThat(result.source().position(result.spec())).isEqualTo("ci.spec:1:1");
        assertThat(result.source().error(second, "fails")).hasMessage("ci.spec:3:2: fails\n (run (shell x)\n ^");
    }
}
