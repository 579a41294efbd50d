package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.labels.LabelAtom;
import java.util.Collection;

/** Stands for the class of the same name in Jenkins core. */
public abstract class LabelFinder implements ExtensionPoint {
    public abstract @NonNull Collection<LabelAtom> findLabels(@NonNull Node node);
}
