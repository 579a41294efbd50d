package hudson.tools;

import hudson.model.Describable;
import hudson.model.Descriptor;

/** Stands for the class of the same name in Jenkins core. */
public abstract class PropertyDescriptor<P extends Describable<P>, T> extends Descriptor<P> {
    protected PropertyDescriptor() {}
}
