package hudson.model;

/** Stands for the class of the same name in Jenkins core. */
public interface Describable<T extends Describable<T>> {}
