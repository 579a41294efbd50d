package io.jenkins.plugins.obuilder;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.EnvironmentContributingAction;
import hudson.model.Run;
import io.jenkins.plugins.obuilder.agent.EngineResult;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.RunAction2;

/** Tells of a run which snapshots its {@code obuilder} steps gave; later steps of a job see the last in {@code OBUILDER_SNAPSHOT}. */
public final class SnapshotAction implements RunAction2, EnvironmentContributingAction {
    static final String VARIABLE = "OBUILDER_SNAPSHOT";

    private final List<Snapshot> snapshots = new ArrayList<>();
    private transient Run<?, ?> run;

    /** A snapshot, and how it came about. A class of plain fields, as it is kept in the run's XML. */
    public static final class Snapshot {
        private final String id;
        private final int steps;
        private final int hits;
        private final long milliseconds;

        Snapshot(EngineResult result) {
            id = result.id();
            steps = result.steps().size();
            hits = result.hits();
            milliseconds = result.milliseconds();
        }

        /** The snapshot's id, in hex. */
        public String getId() {
            return id;
        }

        public int getSteps() {
            return steps;
        }

        /** How many of the steps were found rather than run. */
        public int getHits() {
            return hits;
        }

        public long getMilliseconds() {
            return milliseconds;
        }
    }

    /** Adds a result to what is recorded on a run. Steps of one run may end at the same time. */
    static void record(Run<?, ?> run, EngineResult result) {
        synchronized (run) {
            SnapshotAction action = run.getAction(SnapshotAction.class);
            if (action == null) {
                action = new SnapshotAction();
                run.addAction(action);
            }
            action.add(new Snapshot(result));
        }
    }

    private synchronized void add(Snapshot snapshot) {
        snapshots.add(snapshot);
    }

    /** In the order in which the steps ended. */
    public synchronized List<Snapshot> getSnapshots() {
        return List.copyOf(snapshots);
    }

    public Run<?, ?> getRun() {
        return run;
    }

    @Override
    public void buildEnvironment(@NonNull Run<?, ?> build, @NonNull EnvVars env) {
        List<Snapshot> all = getSnapshots();
        if (!all.isEmpty()) {
            env.put(VARIABLE, all.get(all.size() - 1).getId());
        }
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        run = r;
    }

    @Override
    public void onLoad(Run<?, ?> r) {
        run = r;
    }

    /** Not in the side panel: the run's page shows it. */
    @CheckForNull
    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getDisplayName() {
        return Messages.SnapshotAction_DisplayName();
    }

    @CheckForNull
    @Override
    public String getUrlName() {
        return null;
    }
}
