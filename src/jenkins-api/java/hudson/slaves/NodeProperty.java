package hudson.slaves;

import hudson.ExtensionPoint;
import hudson.model.Node;
import hudson.model.ReconfigurableDescribable;

/** Stands for the class of the same name in Jenkins core. */
public abstract class NodeProperty<N extends Node> implements ReconfigurableDescribable<NodeProperty<?>>, ExtensionPoint {
    protected transient N node;
}
