package hudson.slaves;

import hudson.model.Node;
import hudson.tools.PropertyDescriptor;

/** Stands for the class of the same name in Jenkins core. */
public abstract class NodePropertyDescriptor extends PropertyDescriptor<NodeProperty<?>, Node> {
    protected NodePropertyDescriptor() {}
}
