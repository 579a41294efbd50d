package io.jenkins.plugins.obuilder.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Conformance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All ids of the reference's cases, computed without an engine. */
class ConformanceIdsTest {
    /** The files that the commands of the nested builds make, as their expected logs show. */
    private static final Map<String, String> MADE_BY_BUILDS = Map.of(
            "nested dev /out", "built\n",
            "nested-twice a a", "a\n",
            "nested-twice b /b", "a\n",
            "siblings one one", "1\n",
            "siblings two two", "2\n");

    static Stream<Conformance> cases() throws Exception {
        return Conformance.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void idsAreTheReferences(Conformance expected) throws Exception {
        List<SnapshotId> ids = new ArrayList<>();
        new Walk(expected, ids).build(SpecReader.read(expected.spec(), "build.spec"));
        assertThat(ids).isEqualTo(expected.ids());
    }

    /** Walks a spec as an engine would, but runs nothing. */
    private record Walk(Conformance expected, List<SnapshotId> ids) {
        void build(Spec spec) throws Exception {
            for (Spec.NestedBuild build : spec.builds()) {
                build(build.spec());
            }
            SnapshotId id = SnapshotIds.baseByName(spec.from());
            ids.add(id);
            BuildContext context = BuildContext.initial(expected.baseEnv(), BuildContext.DEFAULT_SHELL);
            for (Op op : spec.ops()) {
                if (op instanceof Op.Run run) {
                    id = SnapshotIds.run(id, context, run.command(), run.network(), secrets(run));
                    ids.add(id);
                } else if (op instanceof Op.Copy copy) {
                    String destination = CopyPaths.destination(context.workdir(), copy.destination());
                    id = SnapshotIds.copy(id, context.user(), manifests(copy), destination, false);
                    ids.add(id);
                }
                context = context.apply(op);
            }
        }

        private List<SnapshotIds.MountedSecret> secrets(Op.Run run) throws Exception {
            Map<String, String> values = new HashMap<>(expected.secrets());
            return run.secrets().stream()
                    .map(secret -> new SnapshotIds.MountedSecret(values.get(secret.id()), secret.target()))
                    .toList();
        }

        private List<Manifest> manifests(Op.Copy copy) throws Exception {
            if (copy.from().isEmpty()) {
                TarManifests context = new TarManifests(expected.directory().resolve("context.tar"));
                return copy.sources().stream()
                        .map(source -> context.manifest(source, copy.exclude()))
                        .toList();
            }
            return copy.sources().stream()
                    .map(source -> {
                        String key = expected.name() + " " + copy.from().get() + " " + source;
                        String contents = MADE_BY_BUILDS.get(key);
                        return (Manifest) new Manifest.File(
                                CopyPaths.source(source), TarManifests.sha256(Bytes.toBytes(contents)), false);
                    })
                    .toList();
        }
    }
}
