package io.jenkins.plugins.obuilder;

import io.jenkins.plugins.obuilder.agent.EngineResult;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A snapshot that a run has got, and how it came about. A class of plain fields, as it is kept in the run's XML. */
@ExportedBean
public class Snapshot {
    private final String id;
    private final int stepCount;
    private final int hits;
    private final long milliseconds;
    private final String agent;
    private final String store;

    Snapshot(EngineResult result, String agent) {
        id = result.id();
        stepCount = result.steps().size();
        hits = result.hits();
        milliseconds = result.milliseconds();
        this.agent = agent;
        store = result.store();
    }

    /** The snapshot's id, in hex. */
    @Exported
    public String getId() {
        return id;
    }

    /** How many steps there were, nested builds' included. */
    @Exported
    public int getStepCount() {
        return stepCount;
    }

    /** How many of the steps were found rather than run. */
    @Exported
    public int getHits() {
        return hits;
    }

    @Exported
    public long getMilliseconds() {
        return milliseconds;
    }

    /** The name of the agent; empty for the built-in node. */
    @Exported
    public String getAgent() {
        return agent;
    }

    /** Where the agent keeps it. */
    @Exported
    public String getStore() {
        return store;
    }

    /** For the run's page. */
    public String getDuration() {
        return hudson.Util.getTimeSpanString(milliseconds);
    }
}
