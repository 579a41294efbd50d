package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Stands for the class of the same name in Jenkins core. */
public interface Action extends ModelObject {
    @CheckForNull
    String getIconFileName();

    @Override
    @CheckForNull
    String getDisplayName();

    @CheckForNull
    String getUrlName();
}
