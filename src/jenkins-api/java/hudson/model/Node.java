package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;

/** Stands for the class of the same name in Jenkins core. */
public abstract class Node {
    public abstract @CheckForNull FilePath getRootPath();
}
