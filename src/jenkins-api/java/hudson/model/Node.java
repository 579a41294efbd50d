package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.slaves.NodeProperty;

/** Stands for the class of the same name in Jenkins core. */
public abstract class Node {
    public abstract @CheckForNull FilePath getRootPath();

    @CheckForNull
    public final Computer toComputer() {
        return null;
    }

    @CheckForNull
    @SuppressWarnings("rawtypes")
    public <T extends NodeProperty> T getNodeProperty(Class<T> clazz) {
        return null;
    }
}
