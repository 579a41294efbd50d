package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.spec.BuildContext;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.Spec;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Says which snapshots a build would make or use, without running, unpacking or writing anything: only the images' configurations and
 * the build context are read. Needs neither root nor a store; a store, where there is one, tells what is cached and lets it look into
 * what nested builds have made.
 */
public final class Planner {
    private final BaseSteps bases;
    private final CopyFiles copies;
    private final Optional<Store> store;

    Planner(BaseSteps bases, CopyFiles copies, Optional<Store> store) {
        this.bases = bases;
        this.copies = copies;
        this.store = store;
    }

    /**
     * Plans, in the order of the spec, nested builds first.
     *
     * @param steps told each step
     * @return the id of the result
     * @throws BuildException when a secret, an image or a file to be copied is missing
     */
    public StepId plan(BuildRequest request, Consumer<PlannedStep> steps) throws BuildException {
        return stage(request, Secrets.resolve(request), StagePath.ROOT, request.spec(), Map.of(), steps);
    }

    private StepId stage(
            BuildRequest request,
            Secrets secrets,
            String path,
            Spec spec,
            Map<String, StepId> visible,
            Consumer<PlannedStep> steps)
            throws BuildException {
        Map<String, StepId> builds = new HashMap<>(visible);
        for (Spec.NestedBuild nested : spec.builds()) {
            String child = StagePath.child(path, nested.name());
            builds.put(nested.name(), stage(request, secrets, child, nested.spec(), builds, steps));
        }
        return new StageWalk(request, secrets, path, new Visitor(request, path, builds, steps)).walk(spec);
    }

    private final class Visitor implements StageWalk.Visitor {
        private final BuildRequest request;
        private final String stage;
        private final Map<String, StepId> builds;
        private final Consumer<PlannedStep> steps;
        private String workdir;
        private Op op;
        private String heading;

        Visitor(BuildRequest request, String stage, Map<String, StepId> builds, Consumer<PlannedStep> steps) {
            this.request = request;
            this.stage = stage;
            this.builds = builds;
            this.steps = steps;
        }

        @Override
        public void begins(String opWorkdir, Op nextOp, String opHeading) {
            workdir = opWorkdir;
            op = nextOp;
            heading = opHeading;
        }

        @Override
        public FromStep from(String base) throws IOException {
            return bases.step(base);
        }

        @Override
        public CopyStep copy(StepId base, BuildContext context, Op.Copy copy) throws IOException {
            CopyStep.Source source = new CopyStep.Source(request.context(), () -> {});
            if (copy.from().isPresent()) {
                String name = copy.from().get();
                StepId result = builds.get(name);
                if (result.id().isEmpty()) {
                    return CopyStep.unknown(context, result.whyUnknown());
                }
                String unknown = "known when the nested build \"" + Bytes.toText(name) + "\" has run";
                if (store.isEmpty() || store.get().find(result.known()).isEmpty()) {
                    return CopyStep.unknown(context, unknown);
                }
                try {
                    Store.View view = store.get().open(result.known());
                    source = new CopyStep.Source(view.rootfs(), view);
                } catch (IOException e) {
                    return CopyStep.unknown(context, unknown + ": its result cannot be read here, " + e.getMessage());
                }
            }
            return CopyStep.of(base, context, copy, source, copies, request.identity(), new Cancellation());
        }

        @Override
        public void step(Step step) throws IOException {
            boolean cached = store.isPresent()
                    && step.id().id().isPresent()
                    && store.get().find(step.id().known()).isPresent();
            steps.accept(new PlannedStep(stage, op, workdir, heading, step.id(), cached));
        }

        @Override
        public List<EnvVar> env(FromStep from) throws IOException {
            return bases.env(from, store);
        }
    }
}
