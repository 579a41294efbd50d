package hudson.model;

/** Stands for the class of the same name in Jenkins core. */
public abstract class AbstractDescribableImpl<T extends AbstractDescribableImpl<T>> implements Describable<T> {
    public Descriptor<T> getDescriptor() {
        throw new UnsupportedOperationException("only Jenkins knows the descriptor");
    }
}
