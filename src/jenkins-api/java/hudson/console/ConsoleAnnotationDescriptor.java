package hudson.console;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.Descriptor;

/** Stands for the class of the same name in Jenkins core. */
public abstract class ConsoleAnnotationDescriptor extends Descriptor<ConsoleNote<?>> implements ExtensionPoint {
    protected ConsoleAnnotationDescriptor() {}

    @NonNull
    @Override
    public String getDisplayName() {
        return super.getDisplayName();
    }
}
