package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.spec.Spec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * Runs the stages of one build. Every stage has a thread of its own, and waits for another only where it copies from it; how many steps
 * run at once is the {@link StepsRunner}'s affair. The first failure cancels the rest, unless the build is to keep going.
 */
final class StagesRunner {
    private final BuildOptions options;
    private final BuildEvents events;
    private final Cancellation cancellation;
    private final Walks walks;

    /** What went wrong, without what only followed from it. */
    private final Set<BuildException> failures = new LinkedHashSet<>();

    /** Walks the steps of one stage, to the id of its last. */
    @FunctionalInterface
    interface Walks {
        /** @param builds the nested builds that may be copied from, by name */
        SnapshotId walk(String path, Spec spec, Map<String, Stage> builds) throws BuildException;
    }

    /** @param cancellation of this build alone: a stage that fails cancels it */
    StagesRunner(BuildOptions options, BuildEvents events, Cancellation cancellation, Walks walks) {
        this.options = options;
        this.events = events;
        this.cancellation = cancellation;
        this.walks = walks;
    }

    /**
     * Builds the whole spec.
     *
     * @throws BuildException with every failure that is not a consequence of another
     */
    SnapshotId run(Spec spec) throws BuildException {
        try {
            return stage(StagePath.ROOT, spec, Map.of());
        } catch (BuildException e) {
            synchronized (failures) {
                throw failures.size() < 2
                        ? failures.stream().findFirst().orElse(e)
                        : new BuildException(
                                failures.stream().map(Throwable::getMessage).collect(Collectors.joining("\n\n")), e);
            }
        }
    }

    private SnapshotId stage(String path, Spec spec, Map<String, Stage> visible) throws BuildException {
        events.stageStarted(path);
        List<Stage> own = new ArrayList<>();
        try {
            Map<String, Stage> builds = new HashMap<>(visible);
            for (Spec.NestedBuild nested : spec.builds()) {
                Stage build = start(StagePath.child(path, nested.name()), nested.spec(), Map.copyOf(builds));
                own.add(build);
                builds.put(nested.name(), build);
            }
            SnapshotId result = walks.walk(path, spec, builds);
            for (Stage build : own) {
                build.result();
            }
            events.stageFinished(path);
            return result;
        } catch (BuildException | RuntimeException | Error e) {
            giveUp(path, e, own);
            throw e;
        }
    }

    private Stage start(String path, Spec spec, Map<String, Stage> visible) throws BuildException {
        Callable<SnapshotId> work = () -> stage(path, spec, visible);
        if (options.parallel() > 1) {
            return Stage.started(path, work);
        }
        Stage stage = Stage.finished(work);
        if (!options.keepGoing()) {
            stage.result();
        }
        return stage;
    }

    private void giveUp(String path, Throwable why, List<Stage> own) {
        String lastWord = why.getMessage();
        synchronized (failures) {
            if (cancellation.isCancelled()) {
                lastWord = "cancelled: " + cancellation.reason().orElseThrow();
            } else if (why instanceof BuildException failure) {
                failures.add(failure);
            }
            if (!options.keepGoing()) {
                cancellation.cancel(
                        path.isEmpty()
                                ? "another stage failed"
                                : "the nested build \"" + Bytes.toText(path) + "\" failed");
            }
        }
        own.forEach(Stage::await);
        events.stageFailed(path, lastWord);
    }
}
