package io.jenkins.plugins.obuilder;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.util.FormValidation;
import jenkins.model.GlobalConfiguration;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** What holds for all agents. */
@Extension
@Symbol("obuilder")
public class ObuilderConfiguration extends GlobalConfiguration {
    private static final int HOUR = 60;

    private ObuilderSettings defaults = new ObuilderSettings();
    private int lostAgentMinutes = HOUR;
    private boolean agentLabels = true;

    public ObuilderConfiguration() {
        load();
    }

    static ObuilderConfiguration get() {
        return ExtensionList.lookupSingleton(ObuilderConfiguration.class);
    }

    @NonNull @Override
    public String getDisplayName() {
        return Messages.ObuilderConfiguration_DisplayName();
    }

    /** Settings of agents that have none of their own. */
    public ObuilderSettings getDefaults() {
        return defaults;
    }

    @DataBoundSetter
    public void setDefaults(@CheckForNull ObuilderSettings defaults) {
        this.defaults = defaults == null ? new ObuilderSettings() : defaults;
        save();
    }

    /** How long a pipeline waits for an agent that is not connected, in minutes; the build goes on there. */
    public int getLostAgentMinutes() {
        return lostAgentMinutes;
    }

    @DataBoundSetter
    public void setLostAgentMinutes(int lostAgentMinutes) {
        this.lostAgentMinutes = Math.max(1, lostAgentMinutes);
        save();
    }

    /** Whether agents get labels that tell what they can build. */
    public boolean isAgentLabels() {
        return agentLabels;
    }

    @DataBoundSetter
    public void setAgentLabels(boolean agentLabels) {
        this.agentLabels = agentLabels;
        save();
    }

    @POST
    public FormValidation doCheckLostAgentMinutes(@QueryParameter String value) {
        return FormValidation.validatePositiveInteger(value);
    }
}
