package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.BuildContext;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the steps of one stage as they come. */
final class BuildVisitor implements StageWalk.Visitor {
    private final BuildRequest request;
    private final String stage;
    private final Map<String, Stage> builds;
    private final Equipment equipment;
    private final BuildEvents events;
    private final Cancellation cancellation;

    /** What all stages of a build share. */
    record Equipment(Store store, BaseSteps bases, CopyFiles copies, CopyFiles contextFiles, StepsRunner steps) {}

    /** @param builds the nested builds that may be copied from, by name */
    BuildVisitor(
            BuildRequest request,
            String stage,
            Map<String, Stage> builds,
            Equipment equipment,
            BuildEvents events,
            Cancellation cancellation) {
        this.request = request;
        this.stage = stage;
        this.builds = builds;
        this.equipment = equipment;
        this.events = events;
        this.cancellation = cancellation;
    }

    @Override
    public void begins(String workdir, Op op, String heading) throws IOException {
        if (cancellation.isCancelled()) {
            throw new Sandbox.CancelledException(cancellation.reason().orElseThrow());
        }
        events.stepStarted(stage, workdir, op, heading);
    }

    @Override
    public FromStep from(String base) throws IOException {
        return equipment.bases().step(base);
    }

    @Override
    public CopyStep copy(StepId base, BuildContext context, Op.Copy op) throws IOException, BuildException {
        CopyStep.Source source;
        CopyFiles files = op.from().isEmpty() ? equipment.contextFiles() : equipment.copies();
        if (op.from().isEmpty()) {
            source = CopyStep.Source.ofContext(request.context());
        } else {
            String build = op.from().get();
            source = CopyStep.Source.ofResult(
                    build, equipment.store().open(builds.get(build).result()));
        }
        return CopyStep.of(
                base, context, op, source, files, Optional.of(equipment.store()), request.identity(), cancellation);
    }

    @Override
    public void step(Step step) throws IOException {
        equipment.steps().run(stage, step, cancellation);
    }

    @Override
    public List<EnvVar> env(FromStep from) throws IOException {
        return equipment.bases().env(from, Optional.of(equipment.store()));
    }
}
