package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.spec.BuildContext;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.Spec;
import io.jenkins.plugins.obuilder.spec.SpecPrinter;
import java.io.IOException;
import java.util.List;

/**
 * Goes through one stage, operation by operation: keeps the context, and says of each step what it is and which id it has. What then
 * becomes of a step is up to the visitor: a build makes it, a plan prints it; so both have the same ids.
 */
final class StageWalk {
    private final BuildRequest request;
    private final String stage;
    private final Visitor visitor;
    private final Secrets secrets;

    private String heading = "";
    private Object part;
    private StepId id;

    StageWalk(BuildRequest request, Secrets secrets, String stage, Visitor visitor) {
        this.request = request;
        this.secrets = secrets;
        this.stage = stage;
        this.visitor = visitor;
    }

    /** What is done with the operations of a stage. */
    interface Visitor {
        /** An operation comes; null stands for {@code from}. */
        void begins(String workdir, Op op, String heading) throws IOException;

        /** The first step. */
        FromStep from(String base) throws IOException;

        /**
         * A step that copies from the context or from a nested build.
         *
         * @throws BuildException when that nested build failed
         */
        CopyStep copy(StepId base, BuildContext context, Op.Copy op) throws IOException, BuildException;

        /** The operation is a step with a snapshot. In a build the snapshot exists when this returns. */
        void step(Step step) throws IOException;

        /** The environment that the base image set; asked after {@link #step}. */
        List<EnvVar> env(FromStep from) throws IOException;
    }

    /**
     * Walks the stage.
     *
     * @return the id of its last step
     * @throws BuildException when the visitor throws; the message names the stage and the step
     */
    StepId walk(Spec spec) throws BuildException {
        try {
            begin("/", null, SpecPrinter.fromHeading(spec.from()), spec);
            FromStep from = visitor.from(spec.from());
            step(from);
            BuildContext context = BuildContext.initial(visitor.env(from), BuildContext.DEFAULT_SHELL);
            for (Op op : spec.ops()) {
                StepId base = id;
                begin(context.workdir(), op, SpecPrinter.heading(context.workdir(), op), op);
                if (op instanceof Op.Run run) {
                    step(RunStep.of(base, context, run, secrets));
                } else if (op instanceof Op.Copy copy) {
                    try (CopyStep step = visitor.copy(base, context, copy)) {
                        step(step);
                    }
                } else {
                    context = context.apply(op);
                    id = base;
                }
            }
            return id;
        } catch (IOException e) {
            throw BuildException.ofStep(stage, heading, request.at(part), id, e);
        }
    }

    private void begin(String workdir, Op op, String text, Object specPart) throws IOException {
        heading = text;
        part = specPart;
        id = null;
        visitor.begins(workdir, op, text);
    }

    private void step(Step step) throws IOException {
        id = step.id();
        visitor.step(step);
    }
}
