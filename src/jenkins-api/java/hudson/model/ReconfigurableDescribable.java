package hudson.model;

/** Stands for the class of the same name in Jenkins core. */
public interface ReconfigurableDescribable<T extends ReconfigurableDescribable<T>> extends Describable<T> {}
