package io.jenkins.plugins.obuilder;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.EnvironmentContributingAction;
import hudson.model.Run;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.RunAction2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** Tells of a run which snapshots its {@code obuilder} steps gave; later steps of a job see the last in {@code OBUILDER_SNAPSHOT}. */
@ExportedBean
public final class SnapshotAction implements RunAction2, EnvironmentContributingAction {
    static final String VARIABLE = "OBUILDER_SNAPSHOT";

    private final List<Snapshot> snapshots = new ArrayList<>();
    private transient Run<?, ?> run;

    /** The action of a run, which is made when needed. Steps of one run may end at the same time. */
    static SnapshotAction of(Run<?, ?> run) {
        synchronized (run) {
            SnapshotAction action = run.getAction(SnapshotAction.class);
            if (action == null) {
                action = new SnapshotAction();
                run.addAction(action);
            }
            return action;
        }
    }

    /** Adds a snapshot. Returns how many there are now. */
    synchronized int add(Snapshot snapshot) {
        snapshots.add(snapshot);
        return snapshots.size();
    }

    /** In the order in which the steps ended. */
    @Exported(visibility = 2)
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
