package io.jenkins.plugins.obuilder;

import io.jenkins.plugins.obuilder.agent.EngineResult;
import io.jenkins.plugins.obuilder.agent.StepResult;
import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** All that is known of a snapshot, for the artifact. */
@ExportedBean(defaultVisibility = 2)
public final class SnapshotReport extends Snapshot {
    private final List<Step> steps;

    SnapshotReport(EngineResult result, String agent) {
        super(result, agent);
        steps = result.steps().stream().map(Step::new).toList();
    }

    @Exported
    public List<Step> getSteps() {
        return steps;
    }

    /** A step that was finished. */
    @ExportedBean(defaultVisibility = 2)
    public static final class Step {
        private final StepResult result;

        Step(StepResult result) {
            this.result = result;
        }

        @Exported
        public String getStage() {
            return result.stage();
        }

        @Exported
        public String getOp() {
            return result.op();
        }

        @Exported
        public String getHeading() {
            return result.heading();
        }

        @Exported
        public String getId() {
            return result.id();
        }

        @Exported
        public boolean isCached() {
            return result.cached();
        }

        @Exported
        public long getMilliseconds() {
            return result.milliseconds();
        }
    }
}
