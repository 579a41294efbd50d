package io.jenkins.plugins.obuilder;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Node;
import hudson.slaves.NodeProperty;
import hudson.slaves.NodePropertyDescriptor;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** How one agent builds. */
public class ObuilderNodeProperty extends NodeProperty<Node> {
    private final ObuilderSettings settings;

    @DataBoundConstructor
    public ObuilderNodeProperty(@CheckForNull ObuilderSettings settings) {
        this.settings = settings == null ? new ObuilderSettings() : settings;
    }

    public ObuilderSettings getSettings() {
        return settings;
    }

    /** Registers the property. */
    @Extension
    @Symbol("obuilder")
    public static final class DescriptorImpl extends NodePropertyDescriptor {
        @NonNull @Override
        public String getDisplayName() {
            return Messages.ObuilderNodeProperty_DisplayName();
        }
    }
}
