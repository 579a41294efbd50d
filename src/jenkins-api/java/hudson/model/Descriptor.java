package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Stands for the class of the same name in Jenkins core. */
public abstract class Descriptor<T extends Describable<T>> {
    protected Descriptor(Class<? extends T> clazz) {}

    protected Descriptor() {}

    public @NonNull String getDisplayName() {
        return "";
    }

    public synchronized void save() {
        throw new UnsupportedOperationException("only Jenkins does that");
    }

    public synchronized void load() {
        throw new UnsupportedOperationException("only Jenkins does that");
    }
}
