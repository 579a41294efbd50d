package io.jenkins.plugins.obuilder.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Any spec that can be read: odd bytes in every text, nested builds, copies from those in scope. */
final class SpecArbitraries {
    private static final int DEPTH = 3;

    private SpecArbitraries() {}

    static Arbitrary<Spec> specs() {
        return spec(DEPTH, List.of());
    }

    /** Any bytes, with a liking for those that mean something. */
    private static Arbitrary<String> bytes() {
        Arbitrary<String> odd = Arbitraries.chars()
                .with("()\";#|\\\n\r\t '=/.-$\u0001\u007f\u00ff\u00c3\u00a9an0")
                .list()
                .ofMaxSize(12)
                .map(SpecArbitraries::join);
        Arbitrary<String> any =
                Arbitraries.chars().range('\1', '\u00ff').list().ofMaxSize(40).map(SpecArbitraries::join);
        return Arbitraries.oneOf(odd, any, Arbitraries.strings().alpha().ofMaxLength(90));
    }

    private static String join(List<Character> chars) {
        StringBuilder text = new StringBuilder();
        chars.forEach(text::append);
        return text.toString();
    }

    private static Arbitrary<String> word() {
        return bytes().map(text -> text.isEmpty() ? "w" : text);
    }

    private static Arbitrary<Map<String, String>> options() {
        return Arbitraries.maps(word(), bytes()).ofMaxSize(3).map(LinkedHashMap::new);
    }

    private static Arbitrary<Op> run() {
        Arbitrary<List<Op.CacheMount>> caches = Combinators.combine(word(), word(), options())
                .as(Op.CacheMount::new)
                .list()
                .ofMaxSize(3);
        Arbitrary<List<Op.SecretMount>> secrets = Combinators.combine(word(), word(), options())
                .as(Op.SecretMount::new)
                .list()
                .ofMaxSize(3);
        Arbitrary<List<String>> network = Arbitraries.of(List.of(), List.of("host"));
        return Combinators.combine(caches, network, secrets, bytes()).as(Op.Run::new);
    }

    private static Arbitrary<Op> copy(List<String> builds) {
        Arbitrary<String> source = word().map(path -> path.replaceAll("(?<![^/])\\.\\.(?![^/])", "..."));
        Arbitrary<java.util.Optional<String>> from = builds.isEmpty()
                ? Arbitraries.just(java.util.Optional.empty())
                : Arbitraries.of(builds).optional();
        return Combinators.combine(
                        from,
                        source.list().ofMinSize(1).ofMaxSize(3),
                        word(),
                        word().list().ofMaxSize(3))
                .as((build, sources, destination, exclude) ->
                        new Op.Copy(build, sources, sources.size() > 1 ? destination + "/" : destination, exclude));
    }

    private static Arbitrary<Op> op(List<String> builds) {
        Arbitrary<Integer> number = Arbitraries.integers().between(0, Integer.MAX_VALUE);
        return Arbitraries.oneOf(
                run(),
                copy(builds),
                bytes().map(Op.Comment::new),
                word().map(Op.Workdir::new),
                word().list().ofMaxSize(3).map(Op.Shell::new),
                Combinators.combine(word(), bytes())
                        .as((name, value) -> new Op.Env(new EnvVar(name.replace('=', '_'), value))),
                Combinators.combine(number, number).as((uid, gid) -> new Op.SetUser(new Op.User.Ids(uid, gid))),
                word().map(name -> new Op.SetUser(new Op.User.Name(name))));
    }

    private static Arbitrary<Spec> spec(int depth, List<String> enclosing) {
        Arbitrary<List<String>> names = Arbitraries.oneOf(Arbitraries.of("a", "dev", "a b"), bytes())
                .list()
                .uniqueElements()
                .ofMaxSize(depth == 0 ? 0 : 2);
        return names.flatMap(own -> {
            List<Arbitrary<Spec.NestedBuild>> builds = new ArrayList<>();
            List<String> visible = new ArrayList<>(enclosing);
            for (String name : own) {
                builds.add(spec(depth - 1, List.copyOf(visible)).map(spec -> new Spec.NestedBuild(name, spec)));
                visible.add(name);
            }
            return Combinators.combine(
                            Combinators.combine(builds).as(list -> list),
                            word(),
                            op(visible).list().ofMaxSize(5))
                    .as(Spec::new);
        });
    }
}
