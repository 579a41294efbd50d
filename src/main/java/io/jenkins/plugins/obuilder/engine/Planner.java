package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
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
    private final BaseImages images;
    private final Sandbox sandbox;
    private final CopyFiles copies;
    private final Optional<Store> store;

    Planner(BaseImages images, Sandbox sandbox, CopyFiles copies, Optional<Store> store) {
        this.images = images;
        this.sandbox = sandbox;
        this.copies = copies;
        this.store = store;
    }

    /**
     * Plans builds in this sandbox, which is asked only what ids depend on.
     *
     * @param store where it may look up what there is
     */
    public static Planner of(BaseImages images, Sandbox sandbox, Optional<Store> store) {
        return new Planner(images, sandbox, CopyFiles.ofThisMachine(), store);
    }

    /**
     * Plans, in the order of the spec, nested builds first.
     *
     * @param steps told each step
     * @return the id of the result
     * @throws BuildException when a secret, an image or a file to be copied is missing
     */
    public StepId plan(BuildRequest request, Consumer<PlannedStep> steps) throws BuildException {
        BaseSteps bases = new BaseSteps(images, request.identity(), sandbox.kind(), sandbox.facts());
        return new Plan(request, Secrets.resolve(request), bases, steps)
                .stage(StagePath.ROOT, request.spec(), Map.of());
    }

    private final class Plan {
        private final BuildRequest request;
        private final Secrets secrets;
        private final BaseSteps bases;
        private final Consumer<PlannedStep> steps;

        Plan(BuildRequest request, Secrets secrets, BaseSteps bases, Consumer<PlannedStep> steps) {
            this.request = request;
            this.secrets = secrets;
            this.bases = bases;
            this.steps = steps;
        }

        StepId stage(String path, Spec spec, Map<String, StepId> visible) throws BuildException {
            Map<String, StepId> builds = new HashMap<>(visible);
            for (Spec.NestedBuild nested : spec.builds()) {
                builds.put(nested.name(), stage(StagePath.child(path, nested.name()), nested.spec(), builds));
            }
            return new StageWalk(request, secrets, path, new Visitor(this, path, builds)).walk(spec);
        }
    }

    private final class Visitor implements StageWalk.Visitor {
        private final Plan plan;
        private final String stage;
        private final Map<String, StepId> builds;
        private String workdir;
        private Op op;
        private String heading;

        Visitor(Plan plan, String stage, Map<String, StepId> builds) {
            this.plan = plan;
            this.stage = stage;
            this.builds = builds;
        }

        @Override
        public void begins(String opWorkdir, Op nextOp, String opHeading) {
            workdir = opWorkdir;
            op = nextOp;
            heading = opHeading;
        }

        @Override
        public FromStep from(String base) throws IOException {
            return plan.bases.step(base);
        }

        @Override
        public CopyStep copy(StepId base, BuildContext context, Op.Copy copy) throws IOException {
            CopyStep.Source source = CopyStep.Source.ofContext(plan.request.context());
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
                    source = CopyStep.Source.ofResult(name, view);
                } catch (IOException e) {
                    return CopyStep.unknown(context, unknown + ": its result cannot be read here, " + e.getMessage());
                }
            }
            return CopyStep.of(
                    base, context, copy, source, copies, Optional.empty(), plan.request.identity(), new Cancellation());
        }

        @Override
        public void step(Step step) throws IOException {
            boolean cached = store.isPresent()
                    && step.id().id().isPresent()
                    && store.get().find(step.id().known()).isPresent();
            plan.steps.accept(new PlannedStep(stage, op, workdir, heading, step.id(), cached));
        }

        @Override
        public List<EnvVar> env(FromStep from) throws IOException {
            return plan.bases.env(from, store);
        }
    }
}
